"""Why a file is not kept: in plain words, with what to do instead."""

from app.core.figures import counted, the_figures


class Unfit(Exception):
    """The file is not kept. The text is read after the file's name."""


EMPTY = "It is empty. Open it where you have it, save it again, and send that."
NO_ROOM = "It could not be kept, because there is no room on the portal’s disk. Nothing else was lost: try again later."
NO_STORE = "It could not be kept just now. Nothing else was lost: try again in a few minutes."
ARCHIVE = "It is an archive of files. Unpack it, and send what is in it one by one."
BROKEN = "It is broken or not complete. Open it where you have it, save it again, and send that."
BURSTING = "It would unpack to far more than it seems to hold. Save it as PDF, and send that."
HAS_MACROS = "It has macros, which can do harm. Save it without macros (.docx, .xlsx, .pptx) or as PDF, and send that."
HIDES_ARCHIVE = "It has an archive of files hidden in it. Save it again or as PDF, and send that."
IS_PROGRAM = "It is a program, or holds one. Programs are not kept here."
IS_WEB_PAGE = "It is a web page or a script, which can do harm. Save it as PDF, and send that."
LOCKED = "It is locked with a password. Save it without one, and send that."
NO_VIDEO = "It is a video or a sound recording. These are not kept here: say in a note what it shows, and who has it."
NOT_FOR_PRINT = "It is not a picture that letters can print. Save it as PNG, JPG or SVG, and send that."
OLDER_OFFICE = "It is of an older office program. Save it as .docx, .xlsx or .pptx or as PDF, and send that."
OTHER = (
    "It is not of a kind that is kept here. Kept are PDF, Word, Excel, PowerPoint and OpenDocument files, text, "
    "pictures and e-mails: save it as one of these, and send that."
)
OTHER_PICTURE = "It is a picture of a kind that is not kept here. Save it as JPG or PNG, and send that."
TOOK_TOO_LONG = (
    "It took too long to turn the pictures of this form into JPEG, so this one was not kept. Send it with fewer at "
    "once, or as JPG."
)
NOT_A_TABLE = "It is not a table that can be read here. Save it as .csv or .xlsx, and send that."
BURSTING_TABLE = "It would unpack to far more than it seems to hold. Save it as .csv, and send that."
CUT_OFF = "It ends in the middle of a line, so it is not complete. Save it again where you have it, and send that."
OLDER_TABLE = "It is of an older office program. Save it as .csv or .xlsx, and send that."
ONE_COLUMN = (
    "It has only one column. Save it as .csv with commas or semicolons between the columns, or as .xlsx, and send that."
)
TABLE_WITH_MACROS = "It has macros, which can do harm. Save it without macros (.xlsx) or as .csv, and send that."
TOO_LARGE_A_SHEET = "It is a larger sheet than can be read here. Save it as .csv, and send that."
TOO_MANY_PIXELS = "It is a picture with more pixels than can be handled. Save it smaller, and send that."


def too_many_rows(most: int) -> str:
    return f"It is larger than what is read here, {most:,} rows at most. Send only the rows that are needed."


def too_many_columns(most: int) -> str:
    return f"It has more than {most:,} columns. Send only the columns that are needed."


def odd_quotation(line: int) -> str:
    return (
        f"The quotation marks from line {line:,} on do not match; perhaps it is not complete. Save it again where you have "
        "it, and send that."
    )


def larger_than(megabytes: int) -> str:
    return f"It is larger than {megabytes} MB. Send it in parts."


def too_large() -> str:
    return f"It is larger than {the_figures().file_megabytes} MB. Make it smaller, or send it in parts."


def too_many() -> str:
    most = counted(the_figures().most_files, "file")
    return f"It was not kept: at most {most} can come at once. Send it with the next ones."
