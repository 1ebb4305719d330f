"""Why a sign-in did not succeed: a code for the log, words for the person."""


class SignInFailed(Exception):
    """The sign-in stops here. `cause` goes to the log; it never holds anything about a person."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause

    @property
    def kind(self) -> str:
        """The part of the cause that has its own words."""
        return self.cause.partition(":")[0]


UNTRUSTED = (
    "The answer of your sign-in server could not be trusted, so nobody was signed in.",
    "Sign in again. If it happens again, tell the operator of this portal when it was.",
)
WORDS = {
    "cancelled": ("You stopped at your sign-in server, so nobody was signed in.", "Sign in again when you are ready."),
    "attempt": (
        "This sign-in was started too long ago, used already, or started in another browser.",
        "Sign in again from the start.",
    ),
    "unreachable": (
        "Your sign-in server could not be reached.",
        "Wait a minute, then sign in again. Nothing was lost.",
    ),
    "email": (
        "Your sign-in server did not say a verified e-mail address for you, which the portal needs the first time.",
        "Ask whoever runs your sign-in to verify your e-mail address, then sign in again.",
    ),
    "refused": (
        "Your sign-in server did not complete the sign-in.",
        "Sign in again. If it happens again, tell the operator of this portal when it was.",
    ),
}


def words(failure: SignInFailed) -> tuple[str, str]:
    """What happened, and what to do."""
    return WORDS.get(failure.kind, UNTRUSTED)
