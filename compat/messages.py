"""What the web client is told of messages: by a method on 18.0, by a list of attributes on 19.0."""

from odoo.addons.mail.tools.discuss import Store

_BY_ATTRIBUTES = hasattr(Store, "Attr")


def told_attributes(target, name):
    """The attribute ``name`` of messages, where there is one and the reader is internal; for ``_to_store_defaults``."""
    return [
        # sudo: the reader sees the message; internal readers may know through what it came
        Store.Attr(
            name,
            value=lambda message: message.sudo()[name],  # sudo: as above
            predicate=lambda message: bool(message.sudo()[name]) and target.is_internal(message.env),
        )
    ]


def tell_of(store, messages, name):
    """The same for ``_to_store`` of 18.0; nothing is left to do on 19.0."""
    if _BY_ATTRIBUTES or not messages.env.user._is_internal():
        return
    for message in messages.sudo():  # sudo: as above
        if message[name]:
            store.add(message, {name: message[name]})
