"""Put before the server's contents manager: what is saved is cleaned first, whatever form it comes in.

A notebook may come as one, as a file whose name ends in ``.ipynb``, encoded, in chunks, or by another name that is
changed later. Each of these ways ends here. What cannot be cleaned is not saved.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

from tornado import web

from .chunks import Chunks, not_yet
from .file_policy import check_file
from .people import asking
from .plane import Plane
from .save_guard import SaveGuard
from .transfers import Uploads, is_converting, note_download, noting

__all__ = ["GuardedContents"]

Model = dict[str, Any]


class GuardedContents:
    """Put before a contents manager class, whether its methods are coroutines or not."""

    privguard: Plane

    # `Any`: the class behind this one is whichever the server is configured to use.
    def save(self: Any, model: Model, path: str = "") -> Any:
        """Save what may be saved of ``model``."""
        save, guard = super().save, SaveGuard(self.privguard, asking())  # type: ignore[misc]
        whole = model
        if model.get("chunk") is not None and path.lower().endswith(".ipynb"):
            whole = self._privguard_chunks.add(model, path.strip("/"))
        if inspect.iscoroutinefunction(save):
            return self._privguard_save(save, guard, whole, path)
        if whole is None:
            return not_yet(path.strip("/"))
        saved = save(guard.cleaned(whole, path), path)
        self._privguard_uploads.note(whole, path)
        return saved

    async def _privguard_save(
        self: Any, save: Callable[..., Any], guard: SaveGuard, whole: Model | None, path: str
    ) -> Any:
        if whole is None:
            return not_yet(path.strip("/"))
        saved = await save(await asyncio.to_thread(guard.cleaned, whole, path), path)
        self._privguard_uploads.note(whole, path)
        return saved

    def _privguard_again(self: Any, save: Callable[..., Any], guard: SaveGuard, path: str) -> None:
        """Clean a notebook that is there already; where that is refused, it goes."""
        there = super().get(path, type="file", format="text")  # type: ignore[misc]
        try:
            kept = guard.cleaned(there, path)
        except web.HTTPError:
            self.delete_file(path)
            raise
        if kept is not there:
            save(_as_file(kept), path)

    async def _privguard_again_async(self: Any, save: Callable[..., Any], guard: SaveGuard, path: str) -> None:
        there = await super().get(path, type="file", format="text")  # type: ignore[misc]
        try:
            kept = await asyncio.to_thread(guard.cleaned, there, path)
        except web.HTTPError:
            await self.delete_file(path)
            raise
        if kept is not there:
            await save(_as_file(kept), path)

    def rename_file(self: Any, old_path: str, new_path: str) -> Any:
        """Rename a file; one that becomes a notebook by it is cleaned."""
        rename, save = super().rename_file, super().save  # type: ignore[misc]
        guard = SaveGuard(self.privguard, asking())
        check_file(self.privguard, old_path, asking())  # by another name it would not be known again
        becomes = new_path.lower().endswith(".ipynb") and not old_path.lower().endswith(".ipynb")
        if not inspect.iscoroutinefunction(rename):
            renamed = rename(old_path, new_path)
            if becomes:
                self._privguard_again(save, guard, new_path)
            return renamed

        async def waited() -> Any:
            renamed = await rename(old_path, new_path)
            if becomes:
                await self._privguard_again_async(save, guard, new_path)
            return renamed

        return waited()

    def get(self: Any, path: str, *args: Any, **kwargs: Any) -> Any:
        """Read a file for who may have it, and record what a browser was given."""
        who, wants_content = asking(), kwargs.get("content", args[0] if args else True)
        guard = SaveGuard(self.privguard, who) if is_converting() else None
        found = super().get(path, *args, **kwargs)  # type: ignore[misc]
        if not inspect.isawaitable(found):
            if wants_content:
                check_file(self.privguard, path, who)
                note_download(self.privguard, path, found)
            return found if guard is None else guard.converted(found, path)

        async def waited() -> Any:
            model = await found
            if wants_content:
                await asyncio.to_thread(check_file, self.privguard, path, who)
                note_download(self.privguard, path, model)
            return model if guard is None else await asyncio.to_thread(guard.converted, model, path)

        return waited()

    def get_extra_handlers(self: Any) -> list[Any]:
        """The handlers of the class behind this one; those that give out files record it."""
        return [noting(self.privguard, handler) for handler in super().get_extra_handlers()]  # type: ignore[misc]

    @property
    def _privguard_chunks(self: Any) -> Chunks:
        found: Chunks | None = self.__dict__.get("_privguard_chunked")
        if found is None:
            found = self.__dict__["_privguard_chunked"] = Chunks()
        return found

    @property
    def _privguard_uploads(self: Any) -> Uploads:
        found: Uploads | None = self.__dict__.get("_privguard_uploaded")
        if found is None:
            found = self.__dict__["_privguard_uploaded"] = Uploads(self.privguard)
        return found


def _as_file(model: Model) -> Model:
    return {"type": "file", "format": "text", "content": model["content"]}
