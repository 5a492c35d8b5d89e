"""Calling a method as a button of the web client does."""

from odoo.service.model import get_public_method

try:  # 19.0
    from odoo.service.model import call_kw
except ImportError:  # 18.0
    from odoo.api import call_kw

__all__ = ["press"]


def press(records, method: str):
    """What the public method answers; Odoo refuses private ones.

    :raises odoo.exceptions.AccessError: the method is not for calls from outside
    """
    get_public_method(records, method)
    context = dict(records.env.context)
    return call_kw(records.browse(), method, [records.ids], {"context": context})
