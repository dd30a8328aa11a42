"""The proof: by what figures and files were made (for their passports), and whether all of it still holds.

``herkunft`` names program and packages; ``pruefe`` (``jobcenter verify``) computes loaded figures again from the
archive by the law kept with them, checks archive, warehouse, files and the chain of passports against each other, and
says *identisch* or names what differs. It believes no hash that it can compute itself.
``bestaetige`` does the same for one delivery before its case data is deleted.
"""

from etl.nachweis.bestaetigung import bestaetige
from etl.nachweis.dateien import beschreibe
from etl.nachweis.herkunft import herkunft
from etl.nachweis.pruefung import pruefe
from etl.nachweis.urteil import Nachweis, Zelle
from etl.nachweis.zeuge import bezeuge

__all__ = ["Nachweis", "Zelle", "beschreibe", "bestaetige", "bezeuge", "herkunft", "pruefe"]
