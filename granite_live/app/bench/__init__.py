"""How quick a model is on this machine: measured in processes of its own, stage by stage."""

from granite_live.app.bench.running import FormResult, bench_forms

__all__ = ["FormResult", "bench_forms"]
