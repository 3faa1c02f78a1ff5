"""The one HTTP server of the Slack double: Web API, response_urls, uploads and websockets, with the log of calls."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.slack_api import RateLimitedError, WebApi
from bot.sandbox.slack_blocks import JsonObject, as_object
from bot.sandbox.slack_faults import (
    RESPONSE_URL,
    Fault,
    Faults,
    Hang,
    LostAnswer,
    RateLimited,
    Refused,
    ServerError,
    TruncatedAnswer,
)
from bot.sandbox.slack_model import SlackError
from bot.sandbox.slack_socket import SocketMode

LARGEST_BODY = 64 * 1024 * 1024


@dataclass
class ApiCall:
    """One call the app made, its arguments without the token."""

    method: str
    arguments: JsonObject
    at: float
    status: int | None = None
    """HTTP status; None while the call is held, 0 if the connection was cut."""
    error: str | None = None
    fault: Fault | None = None
    milliseconds: float = 0.0


class SlackServer:
    """Listens on 127.0.0.1 between ``start`` and ``stop``."""

    def __init__(self, api: WebApi, socket: SocketMode, faults: Faults) -> None:
        self.api = api
        self.calls: list[ApiCall] = []
        self._workspace = api.workspace
        self._faults = faults
        server = web.Application(client_max_size=LARGEST_BODY)
        server.router.add_route("*", "/api/{method}", self._serve_api)
        server.router.add_post("/hooks/{id:.+}", self._serve_hook)
        server.router.add_post("/upload/{id}", self._serve_upload)
        server.router.add_get("/link/", socket.serve)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=1.0)

    async def start(self) -> str:
        """Listen on a free port and return the address, ``http://127.0.0.1:PORT/``."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}/"

    async def stop(self) -> None:
        """Stop listening and wait for the requests being served."""
        await self._runner.cleanup()

    async def _serve_api(self, request: web.Request) -> web.StreamResponse:
        given = await _arguments(request)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        spoken = given.pop("token", None)  # a form may carry it too
        if scheme != "Bearer":
            token = str(spoken or "")
        method = request.match_info["method"]
        return await self._serve(request, method, given, lambda: self.api.call(method, token, dict(given)))

    async def _serve_hook(self, request: web.Request) -> web.StreamResponse:
        given = await _arguments(request)
        hook = self._workspace.hooks.get(request.match_info["id"])

        def work() -> JsonObject:
            if hook is None:
                raise SlackError("no_hook")
            self._workspace.respond(hook, given)
            return {}

        return await self._serve(request, RESPONSE_URL, given, work)

    async def _serve(
        self, request: web.Request, method: str, given: JsonObject, work: Callable[[], JsonObject]
    ) -> web.StreamResponse:
        """Log a call, let it meet its fault, do the work, tell the watchers, answer."""
        fault = self._faults.meet(method, given)
        call = ApiCall(method, given, self._workspace.now(), fault=fault)
        self.calls.append(call)
        started = asyncio.get_running_loop().time()
        await self._workspace.announce()
        if isinstance(fault, Hang) and not fault.done:
            await _held(fault)
        response = _faulty(fault) or _answered(work, method)
        if isinstance(fault, TruncatedAnswer):
            whole = response.body if isinstance(response.body, bytes) else b"{}"
            response = web.Response(body=whole[: len(whole) // 2], content_type="application/json")
        said = as_object(json.loads(response.body)) if isinstance(response.body, bytes) and fault is None else None
        call.error = None if said is None else said.get("error")
        call.status = 0 if isinstance(fault, LostAnswer) else response.status
        call.milliseconds = (asyncio.get_running_loop().time() - started) * 1000
        await self._workspace.announce()
        if isinstance(fault, Hang) and fault.done:
            await _held(fault)
        if isinstance(fault, LostAnswer) and request.transport is not None:
            request.transport.close()
        return response

    async def _serve_upload(self, request: web.Request) -> web.StreamResponse:
        upload = self.api.uploads.get(request.match_info["id"])
        body = await request.read()
        if upload is None or len(body) != upload["size"]:
            return web.Response(status=400, text="upload refused")
        upload["content"] = body
        return web.Response(text=f"OK - {len(body)}")


async def _held(hang: Hang) -> None:
    hang.reached.set()
    await hang.released.wait()


def _faulty(fault: Fault | None) -> web.Response | None:
    """Return the answer of a fault that keeps the work from being done."""
    match fault:
        case RateLimited(retry_after):
            return _rate_limited(retry_after)
        case ServerError(status):
            page = f"<html><body><h1>{status}</h1></body></html>"
            return web.Response(status=status, text=page, content_type="text/html")
        case Refused(error):
            return web.json_response({"ok": False, "error": error})
        case _:
            return None


def _rate_limited(retry_after: int) -> web.Response:
    refusal = {"ok": False, "error": "ratelimited"}
    return web.json_response(refusal, status=429, headers={"Retry-After": str(retry_after)})


def _answered(work: Callable[[], JsonObject], method: str) -> web.Response:
    try:
        return web.json_response({"ok": True, **work()})
    except RateLimitedError as soon:
        return _rate_limited(soon.retry_after)
    except SlackError as refusal:
        said: JsonObject = {"ok": False, "error": refusal.code, **refusal.fields}
        if refusal.messages:
            said["response_metadata"] = {"messages": [*refusal.messages]}
            said["errors"] = [message.removeprefix("[ERROR] ") for message in refusal.messages]
        gone = refusal.code in ("used_url", "expired_url", "no_hook")
        status = 200 if method != RESPONSE_URL else 404 if gone else 400
        return web.json_response(said, status=status)


async def _arguments(request: web.Request) -> JsonObject:
    """Return the arguments of a call: of the query, and of a JSON or form body."""
    given: JsonObject = dict(request.query)
    if request.content_type == "application/json":
        try:
            given |= as_object(await request.json()) or {}
        except json.JSONDecodeError:
            raise web.HTTPBadRequest(text="invalid_json") from None
        given.pop("token", None)  # Slack takes no token from a JSON body
    else:
        given |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return given
