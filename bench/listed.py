# mypy: ignore-errors
"""A list of cases as Django's own admin shows it, with its own style and scripts: what the portal's first paint is compared to.
It runs in an environment of its own (`bench/rival.py`); nothing of the portal imports it."""

import os
from datetime import date, timedelta
from pathlib import Path

import django
from django.conf import settings

FOLDER = Path(os.environ["LISTED"])
STATUSES = ("queue", "open", "open", "transition", "closed")
A_BATCH = 2000
WHITENOISE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
MIDDLEWARE = (
    *("django.middleware.security.SecurityMiddleware", "whitenoise.middleware.WhiteNoiseMiddleware"),
    *("django.middleware.gzip.GZipMiddleware", "django.contrib.sessions.middleware.SessionMiddleware"),
    *("django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"),
    *(
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ),
)
PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]

settings.configure(
    SECRET_KEY="of a throwaway list",  # noqa: S106 (nobody signs in but who measures)
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        *(
            f"django.contrib.{each}"
            for each in ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")
        ),
        __name__,
    ],
    MIDDLEWARE=list(MIDDLEWARE),
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": PROCESSORS},
        }
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "cases.db", "CONN_MAX_AGE": None}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    STATIC_URL="static/",
    STATIC_ROOT=FOLDER / "static",
    STORAGES={"staticfiles": {"BACKEND": WHITENOISE}},
    USE_TZ=True,
)
django.setup()

from django.contrib import admin  # noqa: E402 (Django wants its settings first)
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


class Named(models.Model):
    """A school, a student, a case manager."""

    name = models.CharField(max_length=160)

    class Meta:
        app_label = __name__

    def __str__(self):
        return self.name


class Case(models.Model):
    """What a list of the portal shows of a case."""

    number = models.CharField(max_length=12, unique=True)
    status = models.CharField(max_length=12, db_index=True)
    urgency = models.IntegerField(default=1)
    due_on = models.DateField()
    student = models.ForeignKey(Named, models.CASCADE, related_name="cases")
    school = models.ForeignKey(Named, models.CASCADE, related_name="+")
    manager = models.ForeignKey(Named, models.CASCADE, related_name="+")

    class Meta:
        app_label = __name__
        ordering = ("urgency", "due_on", "id")
        indexes = (models.Index(fields=("urgency", "due_on", "id"), name="in_order"),)


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin):
    """As many rows as the portal's list has, and the same columns; else as Django comes."""

    list_display = ("student", "number", "status", "school", "manager", "due_on")
    list_filter = ("status",)
    search_fields = ("number", "student__name")
    list_select_related = ("student", "school", "manager")
    list_per_page = 25


urlpatterns = [path("admin/", admin.site.urls), path("readyz", lambda request: HttpResponse("ready"))]
app = get_wsgi_application()


def fill(count):
    """So many cases; and who is signed in, as a cookie, on standard output."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Named)
        editor.create_model(Case)
    known = max(1, count // 30)
    Named.objects.bulk_create([Named(name=f"Somebody of {number}") for number in range(known)], batch_size=A_BATCH)
    first = Named.objects.order_by("id").first().id
    Case.objects.bulk_create((_case(number, first, known) for number in range(count)), batch_size=A_BATCH)
    print(_signed_in())


def _case(number, first, known):
    people = {
        name: first + number * by % known for name, by in {"student_id": 1, "school_id": 7, "manager_id": 13}.items()
    }
    due_on = date(2026, 1, 1) + timedelta(days=number % 300)
    return Case(
        number=f"26-{number:06}-0", status=STATUSES[number % 5], urgency=number % 9 > 0, due_on=due_on, **people
    )


def _signed_in():
    user = get_user_model().objects.create_superuser("lead")
    kept = SessionStore()
    kept[SESSION_KEY], kept[BACKEND_SESSION_KEY] = str(user.pk), "django.contrib.auth.backends.ModelBackend"
    kept[HASH_SESSION_KEY] = user.get_session_auth_hash()
    kept.save()
    return f"sessionid={kept.session_key}"
