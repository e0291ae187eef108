"""All settings of the bridge. Each environment variable stands here once, with its default and a sentence.

`docs/settings.md` shows them as a table; `tests/test_docs.py` holds the two together.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.templatetags.static import static
from django.urls import reverse_lazy

from kitsu_bridge import env, logs
from kitsu_bridge.databases import database
from kitsu_bridge.mail import check_sender, mail_server
from kitsu_bridge.secrets import secret_key
from kitsu_bridge.sidebar import NAVIGATION

BASE_DIR = Path(__file__).resolve().parent.parent

# Where what must last without a database server is kept: SQLite file, generated secret key.
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / ".run")))
# Signs cookies and encrypts waiting tokens; made once and kept in DATA_DIR when not set. All processes need the same.
SECRET_KEY = secret_key(env.secret("SECRET_KEY"), DATA_DIR)
# Tracebacks on pages and reloading: for people who work on the bridge itself.
DEBUG = env.boolean("DEBUG", False)
# Where people reach the bridge, with its prefix: https://kitsu.studio/bridge. Links and allowed hosts follow from it.
BRIDGE_URL = env.url("BRIDGE_URL", {"http", "https"})
# Interface that `manage.py serve` binds.
HOST = env.text("HOST", "127.0.0.1")
# Port that `manage.py serve` binds.
PORT = env.integer("PORT", 8000, least=1, most=65535)
# Other host names under which the bridge answers, separated with commas; those of BRIDGE_URL, HOST and loopback are known.
ALLOWED_HOSTS = [*env.words("ALLOWED_HOSTS"), *env.names_of(HOST), "localhost", "127.0.0.1", "[::1]"]
# Whether a reverse proxy stands in front whose X-Forwarded-For and X-Forwarded-Proto can be believed.
TRUST_PROXY = env.boolean("TRUST_PROXY", False)

# The studio's Kitsu, with or without /api; unset: the sample studio. Also read from TRACKER_URL.
KITSU_URL = env.url("KITSU_URL", {"http", "https"}, "TRACKER_URL")
# Token of the bridge's bot in Kitsu (or KITSU_BOT_TOKEN_FILE).
KITSU_BOT_TOKEN = env.secret("KITSU_BOT_TOKEN")
# E-mail of an account to use in place of a bot. Also read from TRACKER_LOGIN.
KITSU_LOGIN = env.secret("KITSU_LOGIN", "TRACKER_LOGIN")
# Its password (or KITSU_PASSWORD_FILE). Also read from TRACKER_PASSWORD.
KITSU_PASSWORD = env.secret("KITSU_PASSWORD", "TRACKER_PASSWORD")
# Name of the production that the playground opens with. Also read from TRACKER_PROJECT.
KITSU_PROJECT = env.text("KITSU_PROJECT", "", "TRACKER_PROJECT")
# Where people open Kitsu in their browsers, when that differs from KITSU_URL.
KITSU_PUBLIC_URL = env.url("KITSU_PUBLIC_URL", {"http", "https"}) or KITSU_URL.removesuffix("/api")
# Origins of Kitsu's pages, separated with commas; the one of KITSU_PUBLIC_URL is known.
KITSU_ORIGINS = env.origins("KITSU_ORIGINS")
# Seconds that one answer of Kitsu may take.
KITSU_TIMEOUT = env.integer("KITSU_TIMEOUT", 10, least=1, most=120)
# Kitsu's event stream, where it is not behind KITSU_URL: http://zou:5001.
KITSU_EVENTS_URL = env.url("KITSU_EVENTS_URL", {"http", "https"})
# Seconds between two looks for events of Kitsu that its stream did not tell of.
LISTEN_EVERY = env.integer("LISTEN_EVERY", 30, least=1, most=600)

if KITSU_URL and not (KITSU_BOT_TOKEN or (KITSU_LOGIN and KITSU_PASSWORD)):
    raise env.WrongSetting(
        "KITSU_BOT_TOKEN",
        "is not set, nor are KITSU_LOGIN and KITSU_PASSWORD. The bridge needs an account in Kitsu: "
        "make a bot there (Admin > Bots) and put its token into KITSU_BOT_TOKEN.",
    )
if KITSU_PUBLIC_URL:
    _public = urlsplit(KITSU_PUBLIC_URL)
    KITSU_ORIGINS = list(dict.fromkeys([f"{_public.scheme}://{_public.netloc}".lower(), *KITSU_ORIGINS]))

# PostgreSQL as postgres://user:password@host/name; unset: SQLite in DATA_DIR.
DATABASES: dict[str, Any] = {"default": database(env.secret("DATABASE_URL"), DATA_DIR)}
# Redis as redis://host:6379/1, for proofs, rates and waiting tokens; unset: the memory of this process.
CACHE_URL = env.server("CACHE_URL", ("redis", "rediss", "unix"))
CACHES = {
    "default": {"BACKEND": "kitsu_bridge.cache.RedisCache", "LOCATION": CACHE_URL, "KEY_PREFIX": "bridge"}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
}

# Redis or RabbitMQ as redis://host:6379/0; unset: workers in the process that serves the pages.
CELERY_BROKER_URL = (
    env.server("CELERY_BROKER_URL", ("redis", "rediss", "sentinel", "amqp", "amqps", "pyamqp", "memory"))
    or "memory://localhost/"
)
EMBEDDED = CELERY_BROKER_URL.startswith("memory:")
# Names of the queues between which an action can choose, separated with commas; the first is the default.
QUEUES = env.words("QUEUES", ("actions",))
# How many invocations one worker process runs at a time.
WORKER_CONCURRENCY = env.integer("WORKER_CONCURRENCY", 4, least=1, most=256)
# Processes of `manage.py serve`; always one where the worker is embedded.
WEB_WORKERS = env.integer("WEB_WORKERS", 2, least=1, most=64)
# Threads of each of them.
WEB_THREADS = env.integer("WEB_THREADS", 8, least=1, most=256)

CELERY_TASK_DEFAULT_QUEUE = QUEUES[0]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = WORKER_CONCURRENCY
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
# A door must not hang on a dead broker: one quick attempt, the sweeper does the rest.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_connect_timeout": 2, "socket_timeout": 5, "visibility_timeout": 24 * 3600}
    if CELERY_BROKER_URL.startswith(("redis", "sentinel"))
    else {}
)

# Where files of invocations are kept: given with a run, or made by one. All processes need the same folder.
FILES_DIR = Path(env.text("FILES_DIR", str(DATA_DIR / "files")))
# Bytes that one form with files may have at most.
LARGEST_UPLOAD = env.integer("LARGEST_UPLOAD", 1024**3, least=1024, most=2**40)
# Bytes that one kept file may have at most.
LARGEST_FILE = env.integer("LARGEST_FILE", 2 * 1024**3, least=1024, most=2**40)

# Hosts and networks of the studio that actions may call, also over http, separated with commas; the internet's over https.
CALL_URL_PRIVATE = env.hosts("CALL_URL_PRIVATE")

# Hosts that the kind open_url may open, with or without a scheme, separated with commas; unset: any host over https.
OPEN_URL_HOSTS = env.sites("OPEN_URL_HOSTS")

# The registry's file that the studio keeps in git, where the admin and the start say how they differ; unset: none.
REGISTRY_PATH = env.text("REGISTRY_PATH")

# Folder of the studio's own kinds, one file each; unset: none.
KINDS_FOLDER = env.text("KINDS_FOLDER")
# Read its files again when they change, without a restart: for people who write kinds. On with DEBUG as well.
KINDS_RELOAD = env.boolean("KINDS_RELOAD", False) or DEBUG
# Programs that actions may start on the worker's machine, as absolute paths separated with commas; none: the kind is off.
COMMAND_PROGRAMS = env.paths("COMMAND_PROGRAMS")
# Folders in which, and in whose folders, they may be started.
COMMAND_FOLDERS = env.paths("COMMAND_FOLDERS")
# Folders of the shared storage that the kind publish may take files from, separated with commas; unset: none.
PUBLISH_FOLDERS = env.paths("PUBLISH_FOLDERS")
# Mail server as smtp+tls://user:password@host:587, smtps:// or smtp://; `console:` prints mails; unset: no mail is sent.
_mail = mail_server(env.secret("EMAIL_URL"))
# Sender of its mails, such as Kitsu Bridge <bridge@studio.example>.
EMAIL_FROM = env.text("EMAIL_FROM")
check_sender(_mail, EMAIL_FROM)
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = _mail.backend, _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = _mail.starttls, _mail.tls, 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = EMAIL_FROM

# Settings that kinds go by, as `call.desk.settings` gives them.
FOR_KINDS = (
    "BRIDGE_URL",
    "TIME_ZONE",
    "CALL_URL_PRIVATE",
    "OPEN_URL_HOSTS",
    "COMMAND_PROGRAMS",
    "COMMAND_FOLDERS",
    "EMAIL_FROM",
    "PUBLISH_FOLDERS",
)

# Origins of Jet Admin's pages that may send messages to /api/ from a browser, separated with commas; unset: none.
JET_ORIGINS = env.origins("JET_ORIGINS")
# Names under which Jet Admin knows Kitsu's tasks, separated with commas.
JET_TASK_MODELS = env.words("JET_TASK_MODELS", ("task", "tasks"))
# Names under which it knows Kitsu's entities: a shot stands for all its tasks.
JET_ENTITY_MODELS = env.words("JET_ENTITY_MODELS", ("entity", "entities"))

# Seconds after which a page of statistics reads its production from Kitsu anew.
STATISTICS_FRESH = env.integer("STATISTICS_FRESH", 300, least=10, most=24 * 3600)
# Bytes of the cache that productions read for statistics may take, compressed.
STATISTICS_CACHE = env.integer("STATISTICS_CACHE", 128 * 1024**2, least=1024**2, most=2**36)

# Bytes that one call may have at most.
LARGEST_BODY = env.integer("LARGEST_BODY", 4 * 1024 * 1024, least=10_000, most=64 * 1024 * 1024)
# Calls that one person may make, as N/second, N/minute or N/hour.
RATE_PER_PERSON = env.rate("RATE_PER_PERSON", "60/minute")
# Calls that may come from one address, many people of a studio often share one.
RATE_PER_ADDRESS = env.rate("RATE_PER_ADDRESS", "600/minute")
# Invocations that one person may have run again at once, from the log's list.
RERUN_MOST = env.integer("RERUN_MOST", 100, least=1, most=1000)
# Bytes of a payload that are kept in the record; the rest is counted only.
PAYLOAD_KEPT = env.integer("PAYLOAD_KEPT", 256 * 1024, least=1024, most=16 * 1024 * 1024)
# Hours after which what waits for a person expires.
WAITING_HOURS = env.integer("WAITING_HOURS", 24, least=1, most=24 * 30)
# Hours for which a program's `Idempotency-Key` gets the first answer again.
IDEMPOTENCY_HOURS = env.integer("IDEMPOTENCY_HOURS", 24, least=1, most=24 * 30)
# Seconds without a sign of life after which a worker counts as dead.
HEARTBEAT_TIMEOUT = env.integer("HEARTBEAT_TIMEOUT", 60, least=2, most=3600)
# Seconds between two rounds of the sweeper.
SWEEP_EVERY = env.integer("SWEEP_EVERY", 5, least=1, most=600)

# Seconds between two seals over what has happened.
SEAL_EVERY = env.integer("SEAL_EVERY", 5, least=1, most=3600)
# Seconds between two checks of what was sealed since the last one; once a day all seals are checked.
VERIFY_EVERY = env.integer("VERIFY_EVERY", 600, least=10, most=24 * 3600)
# Key that signs seals (Ed25519, as PEM or as 32 bytes in base64); made once and kept in DATA_DIR when not set.
SEAL_KEY = env.secret("SEAL_KEY")
# Folder of the public keys that have signed seals, one PEM each; the bridge adds its own.
SEAL_PUBLIC_KEYS = Path(env.text("SEAL_PUBLIC_KEYS", str(DATA_DIR / "seal_keys")))
# File to which every seal is appended as a line, to be copied elsewhere.
SEALS_FILE = Path(env.text("SEALS_FILE", str(DATA_DIR / "seals.jsonl")))

# Folder of the archives into which what leaves the record is put first.
ARCHIVE_DIR = Path(env.text("ARCHIVE_DIR", str(DATA_DIR / "archives")))

# Whether archives have the contents of files as well, and not only their names, sizes and SHA-256.
ARCHIVE_FILES = env.boolean("ARCHIVE_FILES", False)

DATA_UPLOAD_MAX_MEMORY_SIZE = LARGEST_BODY
FILE_UPLOAD_HANDLERS = [
    "kitsu_bridge.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "import_export",
    "django_celery_beat",
    "django_htmx",
    "csp",
    "kitsu_bridge",
    "audit",
    "actions",
]

MIDDLEWARE = [
    "kitsu_bridge.charset.CharsetMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kitsu_bridge.csp.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kitsu_bridge.kitsu.signin.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "kitsu_bridge.urls"
WSGI_APPLICATION = "kitsu_bridge.wsgi.application"
FORCE_SCRIPT_NAME = urlsplit(BRIDGE_URL).path.rstrip("/") or None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", *([Path(KINDS_FOLDER) / "templates"] if KINDS_FOLDER else [])],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kitsu_bridge.context.studio",
                "audit.context.mine",
            ],
        },
    }
]

LANGUAGE_CODE = "en"
USE_I18N = True
FORMAT_MODULE_PATH = "kitsu_bridge.formats"
USE_TZ = True
# Time zone of the admin, of the days of the overview, and of pages for people whose own is not known in Kitsu.
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "kitsu_bridge" / "static"]
# Files are served from where they stand; nothing has to be collected.
WHITENOISE_USE_FINDERS = True

# Sessions travel in the browser's own cookie, so that no table and no process holds one; the token in it is encrypted.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = "kitsu_bridge_session"
SESSION_COOKIE_AGE = 7 * 24 * 3600
CSRF_COOKIE_NAME = "kitsu_bridge_csrf"
LANGUAGE_COOKIE_NAME = "kitsu_bridge_language"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"{FORCE_SCRIPT_NAME or ''}/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BRIDGE_URL.startswith("https:")
CSRF_FAILURE_VIEW = "kitsu_bridge.errors.csrf_failure"
LOGIN_URL = "sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Not no-referrer: browsers then send `Origin: null` with our own forms, and nothing could prove where they come from.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if BRIDGE_URL:
    ALLOWED_HOSTS.append(str(urlsplit(BRIDGE_URL).hostname))
    CSRF_TRUSTED_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(BRIDGE_URL))]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", *KITSU_ORIGINS],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

UNFOLD = {
    "SITE_TITLE": "Kitsu Bridge",
    "SITE_HEADER": "Kitsu Bridge",
    "SITE_SUBHEADER": f"Times are in {TIME_ZONE}",
    "SITE_URL": reverse_lazy("front"),
    "SITE_ICON": lambda request: static("icon.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("icon.svg")}],
    "STYLES": [lambda request: static("admin.css")],
    "LOGIN": {"form": "kitsu_bridge.kitsu.signin.emergency.LocalSignInForm"},
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {
        "primary": {
            "50": "#effaf3",
            "100": "#d8f3e0",
            "200": "#b0e6c3",
            "300": "#7ed49d",
            "400": "#4bbd76",
            "500": "#1fa355",
            "600": "#00803a",
            "700": "#006b2b",
            "800": "#055524",
            "900": "#06461f",
            "950": "#022812",
        }
    },
    "SIDEBAR": {"show_search": False, "navigation": NAVIGATION},
}

# The OpenAPI document of REST (actions/rest).
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "NON_FIELD_ERRORS_KEY": "body",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Kitsu Bridge",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Custom actions for Kitsu: run, followed, looked up. docs/doors/rest.md shows how.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_COERCE_PATH_PK": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": [],
}

# Addresses and networks that /metrics is told to without a token, separated with commas.
METRICS_FROM = env.networks("METRICS_FROM", ("127.0.0.0/8", "::1"))
# Token with which anybody else gets them, as `Authorization: Bearer ...` (or METRICS_TOKEN_FILE); unset: nobody.
METRICS_TOKEN = env.secret("METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    raise env.WrongSetting("METRICS_TOKEN", "is shorter than 16 characters.")

# `console` for people, `json` for machines.
LOG_FORMAT = env.choice("LOG_FORMAT", "console", ("console", "json"))
# Lines below this level are not written.
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = logs.configuration(LOG_FORMAT, LOG_LEVEL)
