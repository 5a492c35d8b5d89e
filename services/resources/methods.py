"""The part of :class:`~..application.OdooApplication` that is about resources, prompts and completion."""

from __future__ import annotations

from typing import Any

from odoo.exceptions import AccessError, MissingError

from ..conversations.runner import ToolConversation
from ..prompts import service as prompts
from ..protocol.errors import INTERNAL_ERROR, INVALID_PARAMS, ProtocolError, ResourceNotFound
from ..protocol.messages import CallContext, Completion, Page
from ..tools.errors import ToolError, UnknownNameError
from . import service as resources


class ResourceMethods:
    """What is read, started and completed, through the same gate as the tools."""

    def list_resources(self, context: CallContext, cursor: str | None) -> Page:
        return resources.list_resources(self._registry(), self._begin(context), cursor)

    def list_resource_templates(self, _context: CallContext) -> list[dict[str, Any]]:
        return resources.list_templates(self._registry())

    def read_resource(self, context: CallContext, uri: str) -> dict[str, Any]:
        self._subject = uri
        call = self._begin(context)
        try:
            return resources.read(self._registry(), call, uri)
        except (UnknownNameError, AccessError, MissingError):
            raise ResourceNotFound(uri) from None  # the same for what is not there and what may not be seen
        except ToolError as error:
            raise ProtocolError(INVALID_PARAMS, str(error), data={"uri": uri}) from None

    def list_prompts(self, _context: CallContext) -> list[dict[str, Any]]:
        return prompts.list_prompts(self._registry())

    def get_prompt(
        self, context: CallContext, name: str, arguments: dict[str, str]
    ) -> dict[str, Any] | ToolConversation:
        self._subject = name
        if not prompts.converses(self._registry(), name):
            return prompts.get(self._registry(), self._begin(context), name, arguments)

        def failed(text: str) -> dict[str, Any]:
            raise ProtocolError(INTERNAL_ERROR, text)

        # no tool can have a colon in its name: the state of a prompt is never good for one
        subject = f"prompt:{name}"
        return self._conversation(
            context, subject, arguments, lambda registry, call: prompts.get(registry, call, name, arguments), failed
        )

    def complete(
        self, context: CallContext, ref: dict[str, str], name: str, value: str, others: dict[str, str]
    ) -> Completion:
        call = self._begin(context)
        try:
            if ref["type"] == "ref/prompt":
                return prompts.complete(self._registry(), call, ref["name"], name, value, others)
            return resources.complete(self._registry(), call, ref["uri"], name, value, others)
        except ToolError:
            return Completion([])  # what was typed so far leads nowhere, or nowhere this user may look
