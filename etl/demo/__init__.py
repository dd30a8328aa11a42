"""A synthetic job centre that lives month by month: complete deliveries without a single real person."""

from etl.demo.generate import FEHLERLISTE, DemoRequest, generate
from etl.demo.ziele import write_targets

__all__ = ["FEHLERLISTE", "DemoRequest", "generate", "write_targets"]
