"""Nowcast: the final value (T-3) that is to be expected of a figure that is still provisional.

It rests on the reporting triangle alone: what past months were at T-0, T-1 and T-2, and what became of them at T-3.
Where there are too few past months there is no estimate. A result is an ``Erwartung`` per figure.
Why the method is this one stands in ``etl/nowcast/spanne.py``.
"""

from etl.nowcast.dreieck import erwartungen, first_month
from etl.nowcast.modell import ZU_WENIG, Abdeckung, Erwartung, Meldung

METHODE = (
    "Der vorläufige Wert wird mit dem Verhältnis fortgeschrieben, in dem die endgültigen Werte der vergangenen Monate "
    "insgesamt zu ihren vorläufigen Werten nach derselben Wartezeit standen. Die Spanne ist so breit, dass sie, auf "
    "jeden dieser Monate ohne ihn selbst angewandt, mindestens neun von zehn endgültigen Werten enthalten hätte."
)
"""The method in two sentences for readers."""

__all__ = ["METHODE", "ZU_WENIG", "Abdeckung", "Erwartung", "Meldung", "erwartungen", "first_month"]
