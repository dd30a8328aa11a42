"""Delivery: the files of a released report go to the recipients of a settings file, by folder, SFTP or e-mail.

What is promised. A recipient gets only files for its own circle of readers or a wider one. A consignment is there
completely or not at all, is checked at the recipient where the way allows it, and never replaces anything. What has a
receipt is not sent again. Between the arrival and the receipt a program can be killed: in a folder and by SFTP the next
delivery then recognises what is there; an e-mail may arrive twice, with the same Message-ID.
"""

from etl.zustellung.ausgang import clear, pack
from etl.zustellung.empfaenger import Empfaenger, read
from etl.zustellung.sendung import Freigegeben, Sendung, Stueck
from etl.zustellung.versand import PAUSES, files_for, send, titel

__all__ = [
    "PAUSES",
    "Empfaenger",
    "Freigegeben",
    "Sendung",
    "Stueck",
    "clear",
    "files_for",
    "pack",
    "read",
    "send",
    "titel",
]
