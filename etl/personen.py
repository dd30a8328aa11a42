"""Names of persons who decide: whether two of them are one. Four eyes must not be two under another spelling."""

from __future__ import annotations

import re
import unicodedata

# Characters that are not seen. The database strips the same (jobcenter.person_schluessel).
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def person_key(name: str) -> str:
    """Return the words of a name in order, whatever its case, its blanks and signs; empty when it names nobody."""
    seen = _UNSEEN.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return " ".join(sorted(re.findall(r"\w+", seen)))


def same_person(one: str, other: str) -> bool:
    """Say whether two names are those of one person, however they are written: ``Eins, A.`` is ``a. eins``.

    That two different names are one person nobody can see here.
    """
    return person_key(one) == person_key(other)
