"""Accounts, what they have been granted, and failed attempts to sign in."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now

from plenum.tree.fields import RangeOperators, SpanField


class AccountQuerySet(models.QuerySet["Account"]):
    """Accounts; logins are kept in lower case, so looking one up ignores case."""

    def get_by_natural_key(self, login: str) -> "Account":
        return self.get(login=login.strip().lower())


class Account(AbstractBaseUser):
    """A person who may sign in. It carries no power of its own: powers come from grants.

    ``unit`` is the unit that keeps the account: who may grant there may reset its password or close it.
    None: only the operator of the installation may. ``password_given``: the day on which somebody else has set the
    password, which lets its person in for a few days, to choose another; None if the person has chosen it.
    """

    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8, default="vi")
    unit = models.ForeignKey("tree.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(default=True)
    created = models.DateTimeField(db_default=Now())
    password_given = models.DateField(null=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(login=Lower("login")), name="access_account_login_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.login})"


class Grant(models.Model):
    """A set of powers given to an account at a unit for a span.

    ``powers`` is what the set ``role`` contained when it was given: a later change of the pack
    changes no grant.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    unit = models.ForeignKey("tree.Unit", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=64)
    powers = ArrayField(models.CharField(max_length=80))
    span = SpanField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="access_grant_same_role_once",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("span", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(span__isempty=False), name="access_grant_span_not_empty"
            ),
            models.CheckConstraint(
                condition=models.Q(span__lower_inf=False), name="access_grant_span_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} at {self.unit_id}"


class ApiToken(models.Model):
    """A key by which a program acts for an account, with some of its powers, for a while.

    Only the hash of its secret half is kept. ``unit``: only the grants at this unit count; None: all of the account.
    ``ended`` is the day on which it was ended before the last day of its span.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="tokens")
    public_id = models.CharField(max_length=16, unique=True)
    secret_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    powers = ArrayField(models.CharField(max_length=80))
    unit = models.ForeignKey("tree.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    span = SpanField()
    ended = models.DateField(null=True)
    last_used = models.DateField(null=True)
    created = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(span__isempty=False, span__lower_inf=False, span__upper_inf=False),
                name="access_apitoken_span_bounded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.public_id})"


class Invitation(models.Model):
    """A one-time link by which a person makes an account of their own, with the grant written here.

    Only the hash of the link's secret is kept. ``inviter`` is None for the operator. It is open until it is used or
    withdrawn, or its days are over.
    """

    unit = models.ForeignKey("tree.Unit", on_delete=models.PROTECT, related_name="+")
    inviter = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    public_id = models.CharField(max_length=16, unique=True)
    secret_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    login = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    role = models.CharField(max_length=64)
    start = models.DateField()
    until = models.DateField(null=True)
    days = SpanField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn = models.DateField(null=True)
    created = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(account=None) | models.Q(withdrawn=None),
                name="access_invitation_used_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.public_id})"


class FailedSignIn(models.Model):
    """One failed attempt to sign in, kept for a short while to slow down guessing.

    All are keyed hashes, because what people type by mistake is not kept: of the login, of the network of the
    address, and of both together in ``who``.
    """

    who = models.CharField(max_length=64)
    login = models.CharField(max_length=64)
    network = models.CharField(max_length=64)
    failed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["who", "failed_at"], name="access_failed_sign_in_recent"),
            models.Index(fields=["login", "failed_at"], name="access_failed_sign_in_login"),
            models.Index(fields=["network", "failed_at"], name="access_failed_sign_in_network"),
        ]

    def __str__(self) -> str:
        return f"{self.failed_at}"


class IdempotencyKey(models.Model):
    """One write of a program under a key of its choice, with what was answered, so that it is done only once.

    ``fingerprint`` is a hash of the whole request, ``standing`` of the grants by which it was answered. Written
    together with the act; kept for a day.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    standing = models.CharField(max_length=64)
    status = models.SmallIntegerField(default=0)
    content_type = models.CharField(max_length=100, default="")
    body = models.BinaryField(default=bytes)
    made = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="access_idempotencykey_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Noted(models.Model):
    """What all working processes must know for a while: codes that were used, guesses that were made.

    The table of Django's cache (``CACHES`` in the settings); declared here so that it is made and granted like others.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key
