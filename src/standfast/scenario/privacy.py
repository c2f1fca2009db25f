"""Refuses files that carry data about single persons.

standfast works on aggregates: strengths, shares, places. A file with a column for names or
addresses is turned away whole, whatever else is right about it, and no message repeats what
stood in it: neither values nor the keys around them, which may be names themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from standfast.errors import Problem
from standfast.scenario.tree import Path, Plain, Tree, walk

#: fields that only make sense for one person
PERSON_FIELDS = frozenset(
    [
        "name",
        "names",
        "first_name",
        "firstname",
        "given_name",
        "last_name",
        "lastname",
        "surname",
        "family_name",
        "full_name",
        "fullname",
        "middle_name",
        "maiden_name",
        "nickname",
        "alias",
        "father_name",
        "mother_name",
        "grandfather_name",
        "kunya",
        "address",
        "addresses",
        "home_address",
        "street",
        "street_address",
        "house_number",
        "postcode",
        "zip_code",
        "phone",
        "phones",
        "phone_number",
        "phone_numbers",
        "telephone",
        "mobile",
        "mobile_number",
        "cell_phone",
        "imei",
        "imsi",
        "msisdn",
        "email",
        "e_mail",
        "email_address",
        "id_number",
        "identity_number",
        "identity_card",
        "id_card",
        "national_id",
        "nationalid",
        "personal_id",
        "passport",
        "passport_number",
        "ssn",
        "social_security_number",
        "service_number",
        "military_number",
        "badge_number",
        "payroll_number",
        "tax_number",
        "date_of_birth",
        "birth_date",
        "birthdate",
        "birthday",
        "dob",
        "born",
        "place_of_birth",
        "birthplace",
        "age",
        "gender",
        "sex",
        "religion",
        "sect",
        "ethnicity",
        "tribe",
        "marital_status",
        "spouse",
        "wife",
        "husband",
        "children",
        "next_of_kin",
        "salary",
        "iban",
        "bank_account",
        "account_number",
        "photo",
        "photograph",
        "fingerprint",
        "biometrics",
        "iris",
        "licence_plate",
        "number_plate",
    ]
)
#: fields that list people one by one when they hold a list or a mapping of records
ROSTERS = frozenset(
    [
        "personnel",
        "people",
        "persons",
        "person",
        "soldiers",
        "soldier",
        "members",
        "member",
        "officers",
        "officer",
        "policemen",
        "employees",
        "staff",
        "roster",
        "rosters",
        "payroll",
        "individuals",
        "names_list",
        "list_of_names",
        "recruits",
        "agents",
        "informers",
        "informants",
        "deserters",
        "defectors",
        "commanders",
        "records",
    ]
)
#: legal in these mappings although the word is on the list above: shares and counts
_AGGREGATES = {("population", "phones")}
_HEADERS = frozenset({"columns", "column", "fields", "header", "headers"})

_ADVICE = (
    "standfast takes aggregates only: unit strengths, shares, places. "
    "Remove everything that describes single persons; nothing of it was kept."
)


def check_no_persons(tree: Tree) -> list[Problem]:
    """Return a problem for each person-level field, without repeating what it holds.

    Examples
    --------
    >>> [p.says for p in check_no_persons(Tree({"rows": [{"surname": "x"}]}))]
    ['carries "surname", a field about single persons']
    """
    return [
        Problem("", f'carries "{field}", a field about single persons', _ADVICE, *tree.mark(path))
        for path, field in _person_fields(tree.data)
    ]


def check_no_table(text: str) -> list[Problem]:
    """Return a problem when the text begins like a table of persons.

    Examples
    --------
    >>> len(check_no_table("rank;surname;phone")), len(check_no_table("standfast: 1"))
    (1, 0)
    """
    for number, line in enumerate(text.splitlines()[:20], start=1):
        columns = [_normal(column) for column in re.split(r"[,;\t|]", line)]
        found = [column for column in columns if column in PERSON_FIELDS]
        if len(columns) > 1 and found and ":" not in line and "=" not in line:
            says = f'begins like a table with a column "{found[0]}", which describes single persons'
            return [Problem("", says, _ADVICE, number)]
    return []


def person_columns(columns: Iterable[str]) -> list[str]:
    """Return the columns of a table that describe single persons.

    Examples
    --------
    >>> person_columns(["latitude", "Phone Number", "surname"])
    ['phone_number', 'surname']
    """
    return [name for name in map(_normal, columns) if name in PERSON_FIELDS]


def _person_fields(data: Plain) -> Iterator[tuple[Path, str]]:
    for path, value in walk(data):
        field = _normal(path[-1]) if path and isinstance(path[-1], str) else ""
        if (field in PERSON_FIELDS and path not in _AGGREGATES) or (
            field in ROSTERS and _holds_records(value)
        ):
            yield path, field
        elif isinstance(value, (list, tuple)):
            columns = [_normal(item) for item in value if isinstance(item, str)]
            found = [column for column in columns if column in PERSON_FIELDS]
            if found and (len(found) > 1 or field in _HEADERS):
                yield path, found[0]


def _holds_records(value: Plain) -> bool:
    if isinstance(value, Mapping):
        # a force or place may be called "recruits"; what it holds are its own fields
        if "title" in value and ("paper" in value or "latitude" in value):
            return False
        return any(isinstance(item, (Mapping, list)) for item in value.values())
    return isinstance(value, (list, tuple)) and bool(value)


def _normal(key: object) -> str:
    """Bring firstName, First-Name and "first name" to first_name."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", str(key).strip().strip("\"'"))
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
