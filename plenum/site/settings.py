"""Settings of the Django project. Nothing here starts anything: the command line opens the database."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from plenum.site import identity
from plenum.site.address import address
from plenum.site.database.resolve import databases
from plenum.site.home import secret_keys
from plenum.site.operations import logs
from plenum.site.rooms import ROOMS

PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False
SECRET_KEY, *SECRET_KEY_FALLBACKS = secret_keys()

ADDRESS = address()
ALLOWED_HOSTS = list(ADDRESS.hosts)
TRUSTED_PROXIES = ADDRESS.proxies
CSRF_TRUSTED_ORIGINS = [ADDRESS.origin] if ADDRESS.origin else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_cotton",
    "ninja",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *(f"plenum.{room}" for room in ROOMS),
]
AUTH_USER_MODEL = "access.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "plenum.site.proxy.Proxied",
    "plenum.site.operations.recording.Recorded",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "plenum.site.middleware.SecurityHeaders",
    "plenum.site.api.plain.Plain",
    "plenum.site.api.plain.Encrypted",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "plenum.site.sessions.Sessions",
    "plenum.site.middleware.Frame",
    "plenum.site.limits.Limited",
    "django_htmx.middleware.HtmxMiddleware",
    "plenum.site.api.once.Once",
    "plenum.site.database.replica.Reading",
    "plenum.site.tables.answering.Tables",
]

ROOT_URLCONF = "plenum.site.urls"
WSGI_APPLICATION = "plenum.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "plenum.site.context.frame",
            ],
        },
    }
]
COTTON_DIR = "cotton"

DATABASES = databases()

LOGIN_URL = "access:sign_in"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_WORDS = identity.known_words(ADDRESS.hosts[0] if ADDRESS.origin else "")
PASSWORD_LIST = identity.password_list()
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "access_noted",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""

SECOND_FACTOR_REQUIRED = identity.wanted("SECOND_FACTOR", "required", {"required": True, "optional": False})
IDENTITY_PROVIDER = identity.provider()
SOCIALACCOUNT_PROVIDERS = identity.for_allauth(IDENTITY_PROVIDER)
SOCIALACCOUNT_ADAPTER = "plenum.access.adapters.Identities"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
ACCOUNT_ADAPTER = "plenum.access.adapters.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "plenum.access.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True

REQUESTS_PER_MINUTE = identity.of_a_minute("REQUESTS_PER_MINUTE", 600)
VISITS_PER_MINUTE = identity.of_a_minute("VISITS_PER_MINUTE", 300)

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English")), ("ru", _("Russian")), ("cs", _("Czech"))]
LOCALE_PATHS = [PACKAGE / room / "locale" for room in reversed(ROOMS)]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 300

COOKIE_PREFIX = "__Host-" if ADDRESS.secure else ""
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = identity.hours("SESSION_IDLE_HOURS", 12)
SESSION_LIFE = identity.hours("SESSION_HOURS", 14 * 24)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = ADDRESS.secure
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}plenum_session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}plenum_csrf"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}plenum_language"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "plenum.site.pages.form_expired"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ADDRESS.secure else None
SECURE_SSL_REDIRECT = ADDRESS.secure
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^metrics$", r"^api/(?!docs)"]
SECURE_HSTS_SECONDS = ADDRESS.hsts_seconds

LOGGING = logs.settings()
