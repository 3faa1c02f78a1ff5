"""The command line, and where everything is put together."""

from __future__ import annotations

import asyncio
import getpass
import io
import json
import os
import sys
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing, asynccontextmanager
from importlib.metadata import version
from typing import Annotated, Any, TypeVar, cast

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table
from typer.exceptions import TyperException

from bot import answers, desk, document, logs, report, settings
from bot import command as said
from bot import explain as explanation
from bot import login as logging_in
from bot.doctor import examine
from bot.history import History, new_run_id
from bot.render import markdown, text
from bot.report import Progress, Report
from bot.run import TERMINAL, Language, Run, Step
from bot.runs import Runs
from bot.schema import HistoryError
from bot.settings import Settings, SettingsError
from bot.spans import clean, cut, plain
from bot.wording import Room, Wording
from checks import (
    ALL,
    blocklists,
    bounce,
    by_hand,
    desk_output,
    drift,
    provider,
    provider_status,
    size,
    submission,
    wire,
)
from checks import limits as check_limits
from checks.blocklist_data import SHIPPED, BadBlocklistsError, Keyring
from checks.blocklist_data import load as load_blocklists
from checks.case import NotADomainError, domain_name
from checks.check import Check, CheckName, Result, Severity
from checks.network import Guard, Network
from checks.network.inquiry import raise_descriptor_limit
from checks.provider_data import BadProvidersError, Providers, shipped
from checks.provider_data import load as load_providers
from checks.triage import steps

NAME = "mailcheck"
VERSION = version("mailcheck")

FINE, FAULT, USAGE, UNTOLD = 0, 1, 2, 3
"""Exit codes: nothing that stops mail, warning or problem, wrong usage, could not tell."""

INTERRUPTED = 130

_LONGEST_COMPLAINT = 600

T = TypeVar("T")
Words = Annotated[list[str] | None, typer.Argument(show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]

app = typer.Typer(
    name=NAME,
    help="Why is this mail not being sent? Checks a domain and says who has to do what.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line: what it is asked for on stdout, a mistake in one line on stderr."""
    logs.set_up(quiet=True)  # before anything can be logged: structlog by itself writes to stdout
    if isinstance(out := cast("object", sys.stdout), io.TextIOWrapper):
        out.reconfigure(errors="backslashreplace")  # a locale that cannot write Japanese is no reason to fail
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
    except TyperException as error:
        _complain(f"{error.format_message().rstrip('.')}; see: {NAME} --help")
        code = USAGE
    sys.exit(code)


# --- Commands ---------------------------------------------------------------------------------------------------------


@app.command()
def check(words: Words = None, *, as_json: AsJson = False) -> None:
    """Check a domain, mail address or IP address: mailcheck check example.com ip:192.0.2.1 selector:s1."""
    config = _settings()
    command = _command("check", words, config)
    if not isinstance(command, said.Check):
        raise TypeError("what begins with the word check is a check or a mistake")
    raise typer.Exit(_run(_check(config, command, as_json=as_json)))


@app.command()
def limits(words: Words = None) -> None:
    """Show the sending limits of a provider, by its name, or of a domain: mailcheck limits gmail."""
    config = _settings()
    command = _command("limits", words, config)
    if isinstance(command, said.Check):
        raise typer.Exit(_run(_check(config, command, as_json=False)))
    if not isinstance(command, said.Limits):
        raise TypeError("what begins with the word limits is a name, a check or a mistake")
    raise typer.Exit(_run(_limits(config, command)))


@app.command()
def explain(
    file: Annotated[str, typer.Argument(help="A bounce, an error line or a whole .eml; - is stdin.")] = "-",
    *,
    as_json: AsJson = False,
    lang: Annotated[Language | None, typer.Option("--lang", help="Language of the answer.")] = None,
    check_live: Annotated[bool, typer.Option("--check", help="Run the live checks afterwards.")] = False,
) -> None:
    """Explain a bounce: what happened, whose side it is on, what to do first."""
    config = _settings()
    words = _wording(lang or config.mailcheck_lang)
    try:
        given = explanation.load(file)
    except explanation.CannotReadError as error:
        _complain(error.line(words))
        raise typer.Exit(USAGE) from error
    reading = bounce.read(given)
    seen = desk_output.read(given.decode("utf-8", "replace"))
    case = explanation.message_case(given) if reading.kind is bounce.Kind.UNCLEAR else explanation.first_case(reading)
    if as_json:
        _print_json({**explanation.document(reading, words), "desk": desk.document(seen)})
    else:
        told = desk.report(seen, words) if seen else explanation.report(reading, words, message=case is not None)
        text.show(told, Console())
    if check_live and case is not None:
        command = said.Check(case=case, language=lang)
        raise typer.Exit(_run(_check(config, command, as_json=as_json)))
    unclear = reading.kind is bounce.Kind.UNCLEAR and not seen
    raise typer.Exit(UNTOLD if unclear else FINE)


@app.command()
def history(words: Words = None, *, as_json: AsJson = False) -> None:
    """List past checks: of a target, of ticket:INC-42, of @person, or the latest."""
    config = _settings()
    command = _command("history", words, config)
    raise typer.Exit(_run(_history(config, command, as_json=as_json)))


@app.command()
def last(words: Words = None) -> None:
    """Show the last check of a target."""
    _show_answer("last", words)


@app.command()
def diff(words: Words = None) -> None:
    """Show what changed since the last good check of a target."""
    _show_answer("diff", words)


@app.command()
def export(run: Annotated[str, typer.Argument(help="The number of the check.")], *, as_json: AsJson = False) -> None:
    """Print one past check with its evidence, as Markdown or as JSON."""
    config = _settings()
    raise typer.Exit(_run(_export(config, run, as_json=as_json)))


@app.command()
def codes(*, as_json: AsJson = False) -> None:
    """List every finding there is: code, check, severity, title."""
    if as_json:
        _print_json(document.of_codes(ALL))
        return
    table = Table(box=None, pad_edge=False)
    for column in ("code", "check", "severity", "title"):
        table.add_column(column, overflow="fold")
    words = Wording(_settings().mailcheck_lang)
    for owner, code in document.every_code(ALL):
        name = owner.name if owner else ""
        table.add_row(code.code, name, code.severity.name.lower(), plain(words.pattern(code) or ()))
    Console().print(table)


@app.command()
def doctor() -> None:
    """Show the settings with their origin, and whether what they lead to works."""
    config = _settings()

    async def look() -> int:
        async with _network(config) as network:
            return FINE if await examine(config, network, _checks(config), Console()) else FAULT

    raise typer.Exit(_run(look()))


@app.command()
def login(
    host: Annotated[str, typer.Argument(help="The submission server, such as smtp.example.com.")],
    *,
    port: Annotated[int | None, typer.Option(help="465 or 587, or 25; default: 465, else 587.")] = None,
    user: Annotated[str | None, typer.Option(help="The user name, most often the mail address.")] = None,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from stdin.")] = False,
) -> None:
    """Try a user name and a password at a submission server: once, over verified TLS, kept nowhere."""
    config = _settings()
    if port is not None and port not in logging_in.PORTS:
        _complain(f"there is no login on port {port}: 465, 587 or 25")
        raise typer.Exit(USAGE)
    try:
        name = domain_name(host)
        who, password = logging_in.credentials(user, from_stdin=password_stdin)
    except NotADomainError:
        _complain(f"{cut(host, _LONGEST_COMPLAINT // 2)} is no host name; an example: smtp.example.com")
        raise typer.Exit(USAGE) from None
    except logging_in.CredentialsError as error:
        _complain(str(error))
        raise typer.Exit(USAGE) from None

    async def go() -> int:
        ports = logging_in.PORTS[:2] if port is None else (port,)
        async with _network(config) as network:
            finding = await logging_in.attempt(
                network, name, ports, user=who, password=password, providers=_providers(config)
            )
        text.show(logging_in.told(finding, _wording(config.mailcheck_lang)), Console())
        return _exit_code(finding.severity)

    raise typer.Exit(_run(go()))


@app.command()
def serve(*, verbose: Annotated[bool, typer.Option("--verbose", help="Log more.")] = False) -> None:
    """Serve Slack: Socket Mode by default, signed HTTP with MAILCHECK_MODE=http."""
    from bot.slack import serve as slack  # noqa: PLC0415 - the terminal does without Slack's libraries

    logs.set_up(verbose=verbose)
    config = _settings()

    async def go() -> int:
        raise_descriptor_limit()
        async with _network(config) as network:
            try:
                await slack.serve(
                    config,
                    network,
                    _checks(config),
                    VERSION,
                    slack.stop_on_signals(),
                    providers=_providers(config),
                )
            except slack.ServeError as error:
                _complain(str(error))
                return FAULT
        return FINE

    raise typer.Exit(_run(go()))


@app.command()
def demo(domains: Words = None) -> None:
    """Show the bot at work: no Slack workspace needed, and nothing leaves this machine."""
    from bot.sandbox import demo as sandbox  # noqa: PLC0415 - needs the packages of the extra "sandbox"

    raise typer.Exit(_run(sandbox.play(domains or [], Console(), ALL, VERSION)))


# --- How they work ----------------------------------------------------------------------------------------------------


async def _check(config: Settings, command: said.Check, *, as_json: bool) -> int:
    words = _wording(command.language or config.mailcheck_lang)
    now = time.time()
    run = Run(
        id=new_run_id(now),
        case=command.case,
        asked_by=_who(),
        place=TERMINAL,
        language=command.language,
        asked_at=now,
        version=VERSION,
        steps=tuple(step.name for step in steps(command.case, ALL, command.only)),
    )
    async with _open_history(config) as past, _network(config) as network:
        runs = Runs(past, network, _checks(config), deadline=config.mailcheck_deadline, at_once=1)
        await past.accept(run)
        try:
            async with aclosing(runs.carry_out(run)) as results:
                await _follow(run, results, words, shown=not as_json)
        except asyncio.CancelledError:
            await runs.interrupt(run.id)
            raise
        record = await past.load(run.id)
    if record is None:
        raise HistoryError(f"{config.mailcheck_db}: the run just made is not in it")
    if as_json:
        _print_json(document.of_run(record, ALL, words))
    else:
        text.show(report.terminal(record, words), Console())
    return _exit_code(record.verdict)


async def _follow(run: Run, results: AsyncGenerator[Result], words: Wording, *, shown: bool) -> None:
    """Let a run go on, and draw how far it is where somebody looks on."""
    done: list[Step] = []

    def picture() -> Any:  # noqa: ANN401 - whatever rich draws
        names = {step.check for step in done}
        progress = Progress(done=done, running=[name for name in run.steps if name not in names])
        return text.renderable(report.parent(run, progress, words))

    console = Console(stderr=True)
    if not shown or not console.is_terminal:
        async for _ in results:
            pass
        return
    with Live(picture(), console=console, transient=True, auto_refresh=False) as live:
        async for result in results:
            done.append(_as_step(result))
            live.update(picture(), refresh=True)


def _as_step(result: Result) -> Step:
    return Step(
        check=result.check.name,
        verdict=result.verdict,
        findings=result.outcome.findings,
        facts=wire.to_json(result.outcome.facts),
        started=result.started,
        ms=result.ms,
    )


async def _history(config: Settings, command: said.Command, *, as_json: bool) -> int:
    async with _open_history(config) as past:
        if as_json and isinstance(command, said.ShowHistory):
            _print_json(document.of_runs(await answers.rows(command, past, _who())))
        else:
            await _print_answer(command, past, config)
    return FINE


async def _export(config: Settings, run: str, *, as_json: bool) -> int:
    async with _open_history(config) as past:
        record = await answers.record(run, past, _who())
        words = _wording(config.mailcheck_lang)
        if record is None:
            _complain(_one_line(answers.unknown_run(run, words, NAME)))
            return USAGE
        if as_json:
            _print_json(document.of_run(record, ALL, words))
        else:
            sys.stdout.write(markdown.export(record, words))
    return FINE


async def _limits(config: Settings, command: said.Limits) -> int:
    known = _providers(config)
    found = answers.limits_of(command.what, known, _wording(config.mailcheck_lang), NAME)
    if not known.named(command.what):
        _complain(_one_line(found))
        return USAGE
    text.show(found, Console())
    return FINE


def _show_answer(verb: str, words: list[str] | None) -> None:
    config = _settings()
    raise typer.Exit(_run(_answer(config, _command(verb, words, config))))


async def _answer(config: Settings, command: said.Command) -> int:
    async with _open_history(config) as past:
        await _print_answer(command, past, config)
    return FINE


async def _print_answer(command: said.Command, past: History, config: Settings) -> None:
    said_back: Report = await answers.answer(
        command, past, _wording(config.mailcheck_lang), _who(), NAME, providers=_providers(config)
    )
    text.show(said_back, Console())


def _exit_code(verdict: Severity | None) -> int:
    if verdict is None or verdict is Severity.UNKNOWN:
        return UNTOLD
    return FAULT if verdict >= Severity.WARNING else FINE


def _command(verb: str, words: list[str] | None, config: Settings) -> said.Command:
    # Octets that are no UTF-8 come as lone surrogates, which nothing can print.
    line = " ".join([verb, *(words or [])]).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    command = said.parse(line, [CheckName(each.name) for each in ALL])
    if isinstance(command, said.Mistake):
        bare = command.example.split()[0] not in list(said.Verb)
        name = f"{NAME} {said.Verb.CHECK}" if bare else NAME
        _complain(_one_line(answers.mistaken(command, _wording(config.mailcheck_lang), name)))
        raise typer.Exit(USAGE)
    return command


def _settings() -> Settings:
    try:
        config = settings.load()
        settings.make_room(config)
    except SettingsError as error:
        for line in error.lines:
            _complain(line)
        raise typer.Exit(USAGE) from error
    return config


def _who() -> str:
    """The login name; a number where the account has none, as in some containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _wording(language: Language) -> Wording:
    return Wording(language, room=Room.TERMINAL)


def _checks(config: Settings) -> tuple[Check[Any], ...]:
    """Every check, with the operator's own lists, keys and providers if there are any.

    Raises:
        _UsageError: a file of lists or providers cannot be used.
    """
    own: dict[str, Check[Any]] = {}
    keys = _list_keys(config)
    if config.mailcheck_blocklists_file is not None or keys:
        try:
            lists = load_blocklists(config.mailcheck_blocklists_file or SHIPPED)
            own[blocklists.CHECK.name] = blocklists.check(lists, keys)
        except BadBlocklistsError as error:
            raise _UsageError(f"MAILCHECK_BLOCKLISTS_FILE: {error}") from error
    if config.mailcheck_providers_file is not None:
        known = _providers(config)
        who = provider.check(known)
        handing_in = submission.check(known)
        built = (
            who,
            handing_in,
            provider_status.check(who),
            check_limits.check(who),
            size.check(who, handing_in),
            by_hand.check(handing_in),
            drift.check(known),
        )
        own |= {each.name: each for each in built}
    return tuple(own.get(each.name, each) for each in ALL)


def _providers(config: Settings) -> Providers:
    if config.mailcheck_providers_file is None:
        return shipped()
    try:
        return load_providers(config.mailcheck_providers_file)
    except BadProvidersError as error:
        raise _UsageError(f"MAILCHECK_PROVIDERS_FILE: {error}") from error


def _list_keys(config: Settings) -> dict[Keyring, str]:
    given = {Keyring.SPAMHAUS: config.mailcheck_spamhaus_key, Keyring.ABUSIX: config.mailcheck_abusix_key}
    return {keyring: key.get_secret_value() for keyring, key in given.items() if key.get_secret_value()}


@asynccontextmanager
async def _network(config: Settings) -> AsyncGenerator[Network]:
    try:
        network = Network(
            servers=config.mailcheck_dns_servers or None,
            guard=Guard.of(config.mailcheck_allow_networks),
            trust=[config.mailcheck_ca_file] if config.mailcheck_ca_file else (),
            secrets=_list_keys(config).values(),
        )
    except (OSError, ValueError) as error:
        raise _UsageError(f"MAILCHECK_CA_FILE: {error}") from error
    async with network:
        yield network


@asynccontextmanager
async def _open_history(config: Settings) -> AsyncGenerator[History]:
    past = await History.open(config.mailcheck_db, ALL)
    try:
        yield past
    finally:
        await past.close()


class _UsageError(Exception):
    """What the operator set up cannot work; the text is one line."""


def _run(work: Coroutine[Any, Any, int]) -> int:
    """Run to the end; what the operator can mend is one line, not a traceback."""
    try:
        return asyncio.run(work)
    except (HistoryError, _UsageError) as error:
        _complain(str(error))
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED


def _complain(line: str) -> None:
    """Say one line on stderr, whatever is in it."""
    said_back = cut(clean(f"{NAME}: {line}"), _LONGEST_COMPLAINT)
    Console(stderr=True, highlight=False).print(said_back, markup=False, soft_wrap=True)


def _one_line(answer: Report) -> str:
    return "; ".join(
        plain(line.spans) for section in answer.sections for line in section.lines if isinstance(line, report.Line)
    )


def _print_json(value: object) -> None:
    bare = sys.stdout.encoding.lower() != "utf-8"
    json.dump(value, sys.stdout, ensure_ascii=bare, indent=2 if sys.stdout.isatty() else None)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
