"""One real MCP conversation over HTTP, as any client would have it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from .errors import DevError

_VERSION = "2025-11-25"


class KeyRefused(DevError):
    """The server answered 401 or 403."""


class McpConversation:
    """A client with a handshake, plain JSON answers and a bearer key."""

    def __init__(self, endpoint: str, key: str) -> None:
        self._endpoint = endpoint
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
        }
        self._number = 0

    def open(self) -> str:
        """Shake hands; returns the server's name and version.

        Raises:
            KeyRefused: the key is not (any more) valid, or the server is switched off.
            DevError: anything else than an MCP answer.
        """
        result = self._request(
            "initialize",
            {
                "protocolVersion": _VERSION,
                "capabilities": {},
                "clientInfo": {"name": "dev", "version": "1.0"},
            },
        )
        self._headers["MCP-Protocol-Version"] = result["protocolVersion"]
        self._post({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return f"{result['serverInfo']['name']} {result['serverInfo']['version']}"

    def names(self, model: str, limit: int) -> list[str]:
        """The names of the first records of a model, read with the tool `search_records`."""
        arguments = {"model": model, "fields": ["display_name"], "limit": limit}
        result = self._request("tools/call", {"name": "search_records", "arguments": arguments})
        if result.get("isError"):
            raise DevError(f"search_records: {result['content'][0]['text']}")
        content = result.get("structuredContent") or json.loads(result["content"][0]["text"])
        return [record.get("display_name") or record["name"] for record in content["records"]]

    def _request(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        body = {"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}
        answer = self._post(body)
        if "error" in answer:
            raise DevError(f"{method}: {answer['error'].get('message')}")
        if "result" not in answer:
            raise DevError(f"{self._endpoint} does not speak MCP")
        return answer["result"]

    def _post(self, message: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(self._endpoint, json.dumps(message).encode(), self._headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            text = error.read(300).decode(errors="replace")
            kind = KeyRefused if error.code in (401, 403, 404, 503) else DevError
            raise kind(f"{self._endpoint} answered {error.code}: {text}") from error
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            raise DevError(f"{self._endpoint} does not answer: {error}") from error
        except ValueError as error:
            raise DevError(f"{self._endpoint} does not speak MCP") from error
