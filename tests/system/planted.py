"""Made-up tables of persons in many forms and scripts, and proper aggregates that look a little alike.

Names are put together at random from common words; nobody is meant. Everything planted is remembered,
so that a test can look whether any of it comes back in a message.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    import numpy as np

GIVEN = {
    "latin": [
        "Alfar",
        "Bendik",
        "Corvin",
        "Dalmar",
        "Edrik",
        "Fenwic",
        "Gorlan",
        "Hesper",
        "Ivarn",
        "Jorund",
        "Kelvar",
        "Lorimer",
        "Mandor",
        "Nerys",
    ],
    "arabic": [
        "أحمد",
        "محمد",
        "علي",
        "حسين",
        "خالد",
        "سعد",
        "عمر",
        "ياسر",
        "مصطفى",
        "كريم",
        "حيدر",
        "بلال",
        "نبيل",
        "فارس",
    ],
    "cyrillic": [
        "Алексей",
        "Борис",
        "Виктор",
        "Глеб",
        "Дмитрий",
        "Егор",
        "Захар",
        "Иван",
        "Кирилл",
        "Лев",
        "Максим",
        "Никита",
        "Олег",
        "Павел",
    ],
    "hebrew": ["אברהם", "בנימין", "גדעון", "דניאל", "הלל", "זאב", "חיים", "טוביה", "יוסף"],
    "chinese": [
        "李伟",
        "王芳",
        "张敏",
        "刘洋",
        "陈静",
        "杨帆",
        "赵磊",
        "黄丽",
        "周强",
        "吴娟",
        "徐明",
        "孙杰",
        "马超",
        "朱红",
    ],
    "kurdish": ["ئازاد", "ڕێبوار", "هێمن", "شوان", "دلێر", "سەردار", "کاوە"],
}
FAMILY = {
    "latin": [
        "Ashdown",
        "Brackwell",
        "Corrigane",
        "Dunmorel",
        "Eastwyck",
        "Farrowen",
        "Glenhurst",
        "Harlandis",
        "Ivershem",
    ],
    "arabic": ["الجبوري", "الدليمي", "العبيدي", "الشمري", "الزبيدي", "التميمي", "الحمداني"],
    "cyrillic": ["Иванов", "Петров", "Сидоров", "Кузнецов", "Смирнов", "Попов"],
    "hebrew": ["כהן", "לוי", "מזרחי", "פרץ", "ביטון"],
    "chinese": [""],
    "kurdish": ["بەرزنجی", "تاڵەبانی", "جاف", "هەورامی"],
}
HEADS = {
    "latin": [("name", "phone", "rank"), ("Soldier Name", "Mobile No.", "Unit"), ("firstName", "lastName", "dob"),
              ("Prénom", "Nom de famille", "Téléphone"), ("Nombre", "Apellidos", "Dirección"), ("Vorname", "Nachname", "Geburtsdatum"),
              ("Adı", "Soyadı", "Telefon"), ("id_number", "full_name", "salary"), ("E-Mail", "Address", "Unit")],
    "arabic": [("الاسم الرباعي", "رقم الهاتف", "الرتبة"), ("الاسم", "العنوان", "الوحدة"), ("اسم الأب", "تاريخ الميلاد", "الراتب")],
    "cyrillic": [("Фамилия", "Имя", "Телефон"), ("ФИО", "Дата рождения", "Звание")],
    "hebrew": [("שם משפחה", "טלפון", "דרגה"), ("שם פרטי", "תעודת זהות", "יחידה")],
    "chinese": [("姓名", "电话", "单位"), ("姓名", "身份证号", "军衔")],
    "kurdish": [("ناوی سیانی", "ژمارەی مۆبایل", "پلە"), ("ناوی تەواو", "ناونیشان", "یەکە")],
}  # fmt: skip
RANKS = {
    "latin": ["Sgt", "Captain", "Soldier", "Major"], "arabic": ["جندي", "نقيب", "عريف", "ملازم"],
    "cyrillic": ["рядовой", "сержант", "капитан"], "hebrew": ["Sgt", "Captain"],
    "chinese": ["士兵", "上尉"], "kurdish": ["Soldier", "Captain"],
}  # fmt: skip
SUFFIXES = (".yaml", ".json", ".toml")


@dataclass(frozen=True)
class Planted:
    """A file, how it is read, and what no message may repeat."""

    kind: str
    content: bytes
    suffix: str
    secrets: tuple[str, ...]


def pick(draw: np.random.Generator, of: list[str] | tuple[str, ...]) -> str:
    return of[int(draw.integers(len(of)))]


def person(draw: np.random.Generator, script: str) -> dict[str, str]:
    given, family = pick(draw, GIVEN[script]), pick(draw, FAMILY[script])
    middle = pick(draw, GIVEN[script]) if script in ("arabic", "kurdish") else ""
    number = int(draw.integers(10**7, 10**8))
    digits = f"{number}"
    if script == "arabic" and draw.random() < 0.5:
        digits = digits.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    return {
        "name": " ".join(part for part in (given, middle, family) if part),
        "phone": pick(
            draw, [f"+964 77{digits}", f"077{digits}", f"0770-{digits[:3]}-{digits[3:]}"]
        ),
        "email": f"user{number}@mail{int(draw.integers(99))}.example",
        "id": f"{int(draw.integers(10**11, 10**12))}",
        "latitude": f"{36 + draw.random():.6f}",
        "longitude": f"{43 + draw.random():.6f}",
        "born": f"{int(draw.integers(1960, 1996))}-0{int(draw.integers(1, 9))}-1{int(draw.integers(9))}",
        "rank": pick(draw, RANKS[script]),
    }


def people(draw: np.random.Generator, script: str) -> list[dict[str, str]]:
    return [person(draw, script) for _ in range(int(draw.integers(6, 30)))]


def plant(draw: np.random.Generator, town: str) -> Planted:
    """Return one planted file of a random kind."""
    script = pick(draw, list(GIVEN))
    found = people(draw, script)
    secrets = tuple(
        x for p in found for x in (p["name"], p["phone"], p["email"], p["id"], p["latitude"])
    )
    kind = pick(draw, ["table", "bare table", "records", "innocent records", "lists", "names as keys",
                       "a note in a scenario", "a roster in a scenario", "cards", "points", "lines"])  # fmt: skip
    text, suffix = _write(draw, kind, script, found, town)
    return Planted(f"{kind}, {script}", text.encode(), suffix, secrets)


def _write(  # noqa: PLR0911 - a kind a line
    draw: np.random.Generator, kind: str, script: str, found: list[dict[str, str]], town: str
) -> tuple[str, str]:
    heads = HEADS[script][int(draw.integers(len(HEADS[script])))]
    bare = pick(draw, ["phone", "email", "id"])
    match kind:
        case "table":
            between = pick(draw, [",", ";", "\t", "|"])
            lines = [between.join(heads)]
            lines += [between.join((p["name"], p["phone"], p["rank"])) for p in found]
            return "\n".join(lines) + "\n", pick(draw, SUFFIXES)
        case "bare table":
            lines = [f"{p['name']};{p[bare]};{p['rank']}" for p in found]
            return "\n".join(lines) + "\n", pick(draw, SUFFIXES)
        case "records":
            return _dumped(
                draw,
                {
                    "rows": [
                        dict(zip(heads, (p["name"], p["phone"], p["rank"]), strict=True))
                        for p in found
                    ]
                },
            )
        case "innocent records":
            return _dumped(draw, {"data": [{"a": p["name"], "b": p[bare], "c": 1} for p in found]})
        case "lists":
            return _dumped(
                draw, {"table": [list(heads), *([p["name"], p["phone"], p["rank"]] for p in found)]}
            )
        case "names as keys":
            return _dumped(
                draw, {"strength": {p["name"]: {"grade": p["rank"], "no": p["id"]} for p in found}}
            )
        case "a note in a scenario":
            note = f"Ask {found[0]['name']}, {found[0]['email']} or {found[1]['email']}"
            return town.replace("time:", f"summary: {note}.\ntime:", 1), ".yaml"
        case "a roster in a scenario":
            return town + yaml.safe_dump(
                {"personnel": [p["name"] for p in found]}, allow_unicode=True
            ), ".yaml"
        case "cards":
            card = "BEGIN:VCARD\nFN:{name}\nTEL:{phone}\nEMAIL:{email}\nEND:VCARD\n"
            return "".join(card.format(**p) for p in found), pick(draw, SUFFIXES)
        case "points":
            return _dumped(
                draw, {"homes": [[float(p["latitude"]), float(p["longitude"]), 1] for p in found]}
            )
        case _:
            return _dumped(
                draw, {"list": [f"{p['rank']}, {p['name']}, {p['born']}" for p in found]}
            )


def _dumped(draw: np.random.Generator, content: dict[str, object]) -> tuple[str, str]:
    if draw.random() < 0.5:
        return json.dumps(content, ensure_ascii=bool(draw.random() < 0.3), indent=1), ".json"
    return yaml.safe_dump(content, allow_unicode=True), ".yaml"


NOTES = (
    "Order of battle after ISBN 978-0-19-876543-2, p. 114", "doi:10.1093/isq/sqab012, table 3",
    "Census of 2009, 1 234 567 people", "https://www.example.org/reports/2014/06/oob.html",
    "محافظة نينوى، تقدير ٢٠١٤", "Нинева, оценка 2014", "尼尼微省, 2014", "between 03:00 and 05:30 on 10 June 2014",
    "UN document S/2014/485, para. 12", "strength 60 % of 25,000 on paper", "grid 38S LF 25 17, to a kilometre",
)  # fmt: skip
TITLES = (
    "Wadi Hajar",
    "وادي حجر",
    "Старый город",
    "老城区",
    "Bāb al-Ṭūb",
    "Camp 7",
    "Name unknown",
    "Al Address Hill",
)


def aggregate(draw: np.random.Generator, town: str) -> bytes:
    """Return a sound scenario of strengths, shares and places, with notes and titles in any script."""
    text = town.replace("paper: 600", f"paper: {int(draw.integers(50, 90_000))}", 1)
    text = text.replace(
        "population: 200000", f"population: {int(draw.integers(1000, 9_000_000))}", 1
    )
    text = text.replace(
        "latitude: 35.0", f"latitude: {34.5 + draw.random():.{int(draw.integers(1, 6))}f}", 1
    )
    text = text.replace(
        "title: Two towns", f"title: {json.dumps(pick(draw, TITLES), ensure_ascii=False)}", 1
    )
    summary = json.dumps(pick(draw, NOTES), ensure_ascii=False)
    return text.replace("time:", f"summary: {summary}\ntime:", 1).encode()


def aggregate_table(draw: np.random.Generator) -> str:
    """Return a table of aggregates, such as an observed series."""
    n = int(draw.integers(5, 60))
    kind = int(draw.integers(4))
    if kind == 0:
        rows = [
            f"2014-06-{1 + k % 28:02},{pick(draw, ('mosul', 'tikrit'))},{draw.random():.3f}"
            for k in range(n)
        ]
        return "\n".join(["date,place,share", *rows])
    if kind == 1:
        rows = [f"{k}\tBrigade {k % 9}\t{int(draw.integers(500, 4000))}" for k in range(n)]
        return "\n".join(["hour\tunit\tstrength", *rows])
    if kind == 2:
        rows = [
            f"{pick(draw, TITLES)} {k};{36 + draw.random():.3f};{43 + draw.random():.3f};{k * 1000}"
            for k in range(n)
        ]
        return "\n".join(["place;latitude;longitude;population", *rows])
    rows = [f"{rank}|{int(draw.integers(10, 4000))}" for rank in RANKS["latin"] + RANKS["arabic"]]
    return "\n".join(["rank|number present", *rows])
