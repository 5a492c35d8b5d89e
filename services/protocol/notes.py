"""Notifications and responses of handshake clients, passed on; they never get an answer."""

from __future__ import annotations

from .application import Application
from .envelope import Notification, Response, known_id
from .limits import Limits
from .messages import CallContext


def take_notification(
    notification: Notification, context: CallContext, application: Application, limits: Limits
) -> None:
    """Tell the application what concerns it.

    A cancellation that names no request is passed over: invalid ones must be ignored (2025-11-25
    basic/utilities/cancellation, Error Handling).
    """
    if notification.method == "notifications/cancelled":
        request_id = known_id({"id": notification.params.get("requestId")}, limits)
        reason = notification.params.get("reason")
        if request_id is not None:
            application.cancel(context, request_id, reason if isinstance(reason, str) else None)
    elif notification.method == "notifications/roots/list_changed":
        application.roots_changed(context)


def take_response(response: Response, context: CallContext, application: Application) -> None:
    """Hand over a client's answer; an error without id belongs to no question of ours."""
    if response.id is not None:
        application.accept_response(context, response.value)
