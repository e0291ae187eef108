"""The people of the sample studio, in all six roles, and their departments."""

from __future__ import annotations

from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.sample.rows import Tables

DEPARTMENTS = (
    ("Concept", "#8d6e63"),
    ("Modeling", "#78909c"),
    ("Animation", "#009688"),
    ("Lighting", "#f9a825"),
    ("Compositing", "#ff5252"),
)

PEOPLE = (
    # first name, last name, role, departments, languages and time zones as a studio has them
    ("Ada", "Okafor", "admin", (), "Europe/Paris"),
    ("Mirko", "Lindqvist", "admin", (), "Europe/Stockholm"),
    ("Hana", "Watanabe", "manager", (), "Asia/Tokyo"),
    ("Luís", "Marques", "manager", (), "Europe/Lisbon"),
    ("Greta", "Solheim", "supervisor", ("Animation",), "Europe/Oslo"),
    ("Tomás", "Rivera", "supervisor", ("Lighting", "Compositing"), "America/Bogota"),
    ("Noa", "Bar-Lev", "user", ("Animation",), "Asia/Jerusalem"),
    ("Émile", 'd\'Aubigné "Milou"', "user", ("Modeling", "Concept"), "Europe/Paris"),
    ("<script>alert('Robin')</script>", "O'Tables; DROP", "user", ("Lighting",), "UTC"),
    ("ليلى", "حداد", "user", ("Compositing",), "Asia/Beirut"),
    ("Juno 🦊", "Park", "user", ("Animation", "Modeling"), "Asia/Seoul"),
    ("Clara", "Voss", "client", (), "Europe/Berlin"),
    ("Oriol", "Puig", "client", (), "Europe/Madrid"),
    ("Vendor", "Pixelworks", "vendor", ("Compositing",), "Asia/Kolkata"),
    ("Vendor", "Northlight", "vendor", ("Animation",), "America/Toronto"),
    ("Former", "Colleague", "user", ("Animation",), "UTC"),
)

EMAILS = [
    "ada",
    "mirko",
    "hana",
    "luis",
    "greta",
    "tomas",
    "noa",
    "emile",
    "robin",
    "leila",
    "juno",
    "clara",
    "oriol",
    "pixelworks",
    "northlight",
    "former",
]

ACCOUNT = {
    # As zou/app/models/person.py sets them in a new person (Zou 1.0.97)
    "daily_salary": 0,
    "display_date_format": "YYYY-MM-DD",
    "use_12_hour_clock": False,
    "totp_enabled": False,
    "email_otp_enabled": False,
    "fido_enabled": False,
    "is_guest": False,
    "notifications_enabled": False,
    "notifications_slack_enabled": False,
    "notifications_slack_userid": "",
    "notifications_mattermost_enabled": False,
    "notifications_mattermost_userid": "",
    "notifications_discord_enabled": False,
    "notifications_discord_userid": "",
}

UNSET = (
    "country",
    "expiration_date",
    "last_presence",
    "ldap_uid",
    "preferred_two_factor_authentication",
    "preview_open_until",
    "preview_opened_at",
    "preview_project_id",
    "shotgun_id",
    "studio_id",
)


def add_people(tables: Tables) -> None:
    """Departments, people, and the bridge's own bot."""
    ids = {}
    for name, color in DEPARTMENTS:
        ids[name] = tables.add("departments", "Department", (name,), name=name, color=color, archived=False)["id"]
    for (first, last, role, departments, zone), email in zip(PEOPLE, EMAILS, strict=True):
        _person(tables, first, last, role, f"{email}@sample.studio", [ids[name] for name in departments], zone)
    bot = _person(tables, "Kitsu Bridge", "", "admin", "bridge@sample.studio", [], "UTC")
    bot["is_bot"] = True
    tables.persons[by_email(tables, "former")["id"]]["active"] = False


def by_email(tables: Tables, name: str) -> Record:
    """The person with this name before the at sign."""
    return next(row for row in tables.persons.values() if row["email"] == f"{name}@sample.studio")


def _person(tables: Tables, first: str, last: str, role: str, email: str, departments: list[str], zone: str) -> Record:
    """As `Person.serialize_safe` in zou/app/models/person.py (Zou 1.0.97): no password, no TOTP secret."""
    return tables.add(
        "persons",
        "Person",
        (email,),
        first_name=first,
        last_name=last,
        full_name=f"{first} {last}".strip(),
        email=email,
        phone="",
        active=True,
        archived=False,
        role=role,
        position="artist",
        seniority="mid",
        contract_type="open-ended",
        departments=departments,
        has_avatar=False,
        is_bot=False,
        is_generated_from_ldap=False,
        locale="en_US",
        timezone=zone,
        desktop_login=email.partition("@")[0],
        data={"desk": "B2", "likes": ["tea", "render farms"]} if role == "user" else None,
        **(ACCOUNT | dict.fromkeys(UNSET)),
    )
