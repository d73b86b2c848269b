"""Compiles functions that only compiled code calls, as parts of the loops around them.

Numba takes every function for one that Python may call: it optimises each with all that it calls, has machine code made
of it, and then begins anew for its caller. A part is left as it was lowered: it is optimised once, in the loop that it
ends up in. That takes a third to two thirds off the time in which a loop is compiled, and the loop is as fast.
"""

# mypy: disable-error-code="no-untyped-call,misc"
# Numba's inner interfaces have no types.

from __future__ import annotations

from typing import Any

from numba import _dynfunc  # type: ignore[attr-defined]
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.typed_passes import NativeLowering

_NO_ADDRESS = 0
"""Where the machine code of a part is: there is none."""


class PartCompiler(CompilerBase):
    """What `numba.jit` and `overload` take as `pipeline_class`: Numba's own pipeline, but for its last step."""

    def define_pipelines(self) -> list[PassManager]:
        """Return the steps."""
        steps = PassManager("part")
        for step, what in DefaultPassBuilder.define_nopython_pipeline(self.state).passes:
            steps.add_pass(_PartLowering if step is NativeLowering else step, what)
        steps.finalize()
        return [steps]


class _Part(JITCodeLibrary):
    """The code of a part and all that it calls, which is linked into its callers' as it is."""

    def _optimize_final_module(self) -> None:
        """Do nothing: callers are optimised with all that is linked into them."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _PartLowering(NativeLowering):
    """Writes a function in LLVM's language, and lets other functions call it."""

    _name = "part_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = _Part(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = state.flags.no_cfunc_wrapper = True
        super().run_pass(state)
        lowered = state.cr
        stand_in = _dynfunc.make_function(
            lowered.fndesc.lookup_module(), lowered.fndesc.qualname, "", _NO_ADDRESS, lowered.env, (state.library,)
        )  # Numba knows a function by what Python would call
        state.targetctx.insert_user_function(stand_in, lowered.fndesc, [state.library])
        state.cr = lowered._replace(cfunc=stand_in)
        return True
