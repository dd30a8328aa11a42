"""Nowcast: the final value (T-3) that is to be expected of a figure that is still provisional.

It rests on the reporting triangle alone: what past months were at T-0, T-1 and T-2, and what became of them at T-3.
Where there are too few past months there is no estimate. A result is an ``Erwartung`` per figure.
"""

from etl.nowcast.modell import ZU_WENIG, Abdeckung, Erwartung

__all__ = ["ZU_WENIG", "Abdeckung", "Erwartung"]
