"""YAML files that people edit, checked by JSON Schema: a mistake is named with its place inside the file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from etl.errors import UsageError

Place = Sequence[str | int]
Mistake = tuple[Place, str]

_NAMING = ("code", "name", "gueltig_ab")
"""Keys by which a person finds an entry of a list."""
_TYPES: Mapping[str, str] = {
    "string": "ein Text",
    "integer": "eine ganze Zahl",
    "number": "eine Zahl",
    "boolean": "true oder false",
    "array": "eine Liste",
    "object": "ein Block mit Angaben",
}


class _Loader(yaml.SafeLoader):
    """YAML without its own idea of a day, and without silently dropping what is written twice."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - how PyYAML declares it
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:str":
                problem = f"„{key.value}“ muss vor dem Doppelpunkt in Anführungszeichen stehen"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"„{key.value}“ steht zweimal da", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def read(what: str, path: Path, setting: str) -> Any:
    """Return the document in the file that ``setting`` names. Raises ``UsageError`` when it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{what} kann nicht gelesen werden ({error.strerror}).",
            hint=f"Ihr Pfad steht in {setting}.",
            abschnitt="yaml-datei",
        ) from None
    return parsed(what, content)


def parsed(what: str, content: bytes) -> Any:
    """Return the document in ``content``. ``what`` names the file in the ``UsageError`` for a text that is no YAML.

    Days stay texts, so that nobody has to know how YAML writes them.
    """
    try:
        return yaml.load(content, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f", Zeile {mark.line + 1}" if mark else ""
        problem = error.problem if error.problem and error.problem.startswith("„") else "kein gültiges YAML"
        raise UsageError(f"{what} kann nicht verwendet werden{place}: {problem}.", abschnitt="yaml-datei") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise UsageError(
            f"{what} ist kein Text in UTF-8.",
            hint="Die Datei im Editor als UTF-8 speichern oder aus der Sicherung zurückholen.",
            abschnitt="yaml-datei",
        ) from None


def require_none(what: str, document: Any, mistakes: Sequence[Mistake], hint: str) -> None:
    """Raise ``UsageError`` with all mistakes, each at its place, if there are any."""
    if mistakes:
        lines = "\n".join(f"  {_where(document, place)}{text}" for place, text in mistakes)
        raise UsageError(f"{what} kann nicht verwendet werden:\n{lines}", hint=hint, abschnitt="yaml-datei")


def written(value: object) -> str:
    """Write what stands in a file where something else was expected."""
    match value:
        case None:
            return "nichts"
        case bool() | int() | float():
            return json.dumps(value)
        case str():
            return f"„{value}“"
        case list():
            return "eine Liste"
        case _:
            return "ein Block"


def form(
    validator: Draft202012Validator,
    document: Any,
    quoted: Callable[[Place, object], str] = lambda _, value: written(value),
) -> Iterator[Mistake]:
    """Yield what the schema does not allow. ``quoted`` writes what stands at a place, or hides it."""
    for error in sorted(validator.iter_errors(document), key=lambda error: list(error.absolute_path)):
        place = list(error.absolute_path)
        for text in _explained(error, quoted(place, error.instance)):
            yield place, text


def _explained(error: ValidationError, shown: str) -> Iterator[str]:
    """Say in German what a keyword of the schema demands and what stands there instead."""
    wanted, found = error.validator_value, error.instance
    match error.validator:
        case "required":
            yield from (f"Die Angabe „{key}“ fehlt." for key in wanted if key not in found)
        case "additionalProperties":
            known = error.schema.get("properties", {})
            patterns = error.schema.get("patternProperties", {})
            unknown = (key for key in found if key not in known and not any(re.search(p, str(key)) for p in patterns))
            yield from (f"Die Angabe „{key}“ ist hier nicht vorgesehen." for key in unknown)
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            yield f"Erwartet wird {' oder '.join(_TYPES[kind] for kind in kinds)}, nicht {shown}."
        case "enum":
            yield f"{shown} ist nicht vorgesehen; möglich ist nur {' oder '.join(map(written, wanted))}."
        case "format" | "pattern":
            yield f"{shown} ist nicht {error.schema.get('description', f'von der Form {wanted}')}."
        case "minimum" | "maximum":
            yield f"{shown} ist zu {'klein' if error.validator == 'minimum' else 'groß'} (Grenze: {wanted})."
        case "minItems" | "minLength" | "minProperties":
            yield "Hier fehlt ein Eintrag." if error.validator != "minLength" else "Hier fehlt ein Text."
        case "maxProperties":
            yield f"Hier stehen mehr Angaben als möglich (höchstens {wanted})."
        case "maxItems":
            yield f"Die Liste hat mehr als {wanted} Einträge."
        case "dependentRequired":
            yield f"Hier gehören zusammen: {', '.join(sorted(wanted))}."
        case "uniqueItems":
            yield "Ein Eintrag steht doppelt in der Liste."
        case other:
            yield f"Die Bedingung „{other}“ des Schemas ist nicht erfüllt."


def _where(document: Any, place: Place) -> str:
    """Write a place the way one would look for it: ``werte, Eintrag 8 (P16e), perioden, Eintrag 2: ``."""
    steps: list[str] = []
    for step in place:
        document = document[step]
        if isinstance(step, str):
            steps.append(step)
        else:
            names = [document[key] for key in _NAMING if isinstance(document, dict) and key in document]
            steps.append(f"Eintrag {step + 1}" + (f" ({names[0]})" if names else ""))
    return f"{', '.join(steps)}: " if steps else ""
