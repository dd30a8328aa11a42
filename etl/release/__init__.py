"""Release with four eyes: a report goes from draft to delivery in steps, each by a person, each for one content.

``entwurf -> geprueft -> freigegeben -> zugestellt``; ``abgelehnt`` leads back to a new ``entwurf``. Who prepared a
report cannot approve it. A step holds for exactly the bytes it names: files that were written anew with other bytes are
a new draft, files that were changed in place are refused. The database guards the same
(``sql/warehouse/0011_freigabe.sql``).
"""

from etl.release.inhalt import Entwurf, content_sha256, entwurf, files_of
from etl.release.zustand import NAMEN, SHORT, Bericht, Eintrag, Schritt, Stand

__all__ = [
    "NAMEN",
    "SHORT",
    "Bericht",
    "Eintrag",
    "Entwurf",
    "Schritt",
    "Stand",
    "content_sha256",
    "entwurf",
    "files_of",
]
