"""Words that stand over data about single persons, in the languages of the files we may be handed."""

from __future__ import annotations

import re
import unicodedata

# letters that are written in more than one way, and what decomposing does not bring together
_ALIKE = str.maketrans(
    {"ى": "ي", "ة": "ه", "ـ": None, "ی": "ي", "ک": "ك", "ı": "i", "’": None, "'": None}
)


def normal(key: object) -> str:
    """Bring firstName, First-Name, "first name" and their like in any script to one form.

    Examples
    --------
    >>> normal("firstName"), normal("Prénom"), normal("الاِسم الأوّل") == normal("الاسم الاول")
    ('first_name', 'prenom', True)
    """
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", str(key)[:200].strip().strip("\"'"))
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(x for x in parts if not unicodedata.combining(x)).translate(_ALIKE)
    return re.sub(r"[\W_]+", "_", plain).strip("_")


def _words(text: str) -> frozenset[str]:
    return frozenset(normal(word) for word in text.split("|")) - {""}


#: fields that only make sense for one person
PERSON_FIELDS = _words("""
    name | names | first name | firstname | given name | last name | lastname | surname | family name | full
    name | fullname | middle name | maiden name | nickname | alias | father name | mother name | grandfather
    name | kunya | address | addresses | home address | street | street address | house number | postcode |
    zip code | phone | phones | phone number | phone numbers | telephone | mobile | mobile number | cell
    phone | imei | imsi | msisdn | email | e mail | email address | id number | identity number | identity
    card | id card | national id | nationalid | personal id | passport | passport number | ssn | social
    security number | service number | military number | badge number | payroll number | tax number | date
    of birth | birth date | birthdate | birthday | dob | born | place of birth | birthplace | age | gender |
    sex | religion | sect | ethnicity | tribe | marital status | spouse | wife | husband | children | next
    of kin | salary | iban | bank account | account number | photo | photograph | fingerprint | biometrics |
    iris | licence plate | number plate
""") | _words("""
    الاسم | اسم | الاسم الكامل | الاسم الرباعي | الاسم الثلاثي | الاسم الأول | اسم الأب | اسم الأم | اسم
    الجد | اسم العائلة | اللقب | الكنية | رقم الهاتف | الهاتف | هاتف | الموبايل | رقم الموبايل | الجوال |
    رقم الجوال | العنوان | عنوان السكن | محل السكن | السكن | تاريخ الميلاد | تاريخ الولادة | المواليد | محل
    الولادة | مكان الولادة | رقم الهوية | الهوية | رقم البطاقة | رقم البطاقة الوطنية | الرقم الوطني | رقم
    الجواز | جواز السفر | البريد الإلكتروني | الإيميل | ايميل | الراتب | رقم الحساب | الرقم الوظيفي | الرقم
    العسكري | الديانة | المذهب | القومية | العشيرة | الحالة الاجتماعية | الزوجة | اسم الزوجة | العمر | الجنس
    | فصيلة الدم |
    نام خانوادگی | نام و نام خانوادگی | نام پدر | شماره تلفن | تلفن | موبایل | شماره موبایل | نشانی | آدرس |
    تاریخ تولد | محل تولد | کد ملی | شماره ملی | شماره شناسنامه | ایمیل | والد کا نام | فون نمبر | پتہ |
    شناختی کارڈ | تاریخ پیدائش |
    ناوی تەواو | ناوی سیانی | ژمارەی مۆبایل | ژمارەی تەلەفۆن | ناونیشان | لەدایکبوون | بەرواری لەدایکبوون |
    ژمارەی ناسنامە | nav û paşnav | paşnav | hejmara telefonê | navnîşan | roja jidayikbûnê |
    adı | soyad | soyadı | ad soyad | adı soyadı | telefon | telefon numarası | cep telefonu | adres | doğum
    tarihi | doğum yeri | kimlik no | tc kimlik no | e posta | eposta | maaş | sicil no | baba adı |
    prénom | prénoms | nom de famille | nom complet | téléphone | numéro de téléphone | date de naissance |
    lieu de naissance | courriel | numéro de sécurité sociale | salaire | matricule |
    nombre | nombres | apellido | apellidos | nombre completo | teléfono | dirección | fecha de nacimiento |
    lugar de nacimiento | dni | cédula | correo electrónico |
    vorname | nachname | familienname | telefonnummer | handynummer | anschrift | adresse | geburtsdatum |
    geburtsort | ausweisnummer | personalnummer |
    имя | фамилия | отчество | фио | телефон | номер телефона | мобильный | адрес | дата рождения | место
    рождения | паспорт | номер паспорта | снилс | инн | почта | эл почта | зарплата | ім'я | прізвище | по
    батькові | дата народження | адреса |
    姓名 | 名字 | 电话 | 電話 | 手机 | 手机号 | 手机号码 | 地址 | 住址 | 身份证 | 身份证号 | 身份证号码 | 出生日期 | 电子邮件 | 邮箱 | 工资 |
    שם פרטי | שם משפחה | שם מלא | טלפון | מספר טלפון | כתובת | תעודת זהות | תאריך לידה | מספר אישי
""")
#: too short to mean it alone: columns like these count beside another one
SHORT_FIELDS = _words("ad | nom | nav | ناو | نام | שם | név | nome")
#: fields that list people one by one when they hold a list or a mapping of records
ROSTERS = _words("""
    personnel | people | persons | person | soldiers | soldier | members | member | officers | officer |
    policemen | employees | staff | roster | rosters | payroll | individuals | names list | list of names |
    recruits | agents | informers | informants | deserters | defectors | commanders | records |
    الأفراد | الجنود | الضباط | المنتسبين | المنتسبون | الأسماء | قائمة الأسماء | سربازان | asker listesi |
    personel | soldats | soldados | soldaten | солдаты | офицеры | личный состав | 士兵 | 名单 | 人员
""")
#: ranks: a column of these, more than one row with the same, lists people
RANKS = _words("""
    private | pvt | corporal | cpl | sergeant | sgt | lieutenant | lt | captain | cpt | capt | major | maj |
    colonel | col | general | gen | soldier | officer | policeman | constable | جندي | جندي أول | عريف |
    نائب عريف | رئيس عرفاء | ملازم | ملازم أول | نقيب | رائد | مقدم | عقيد | عميد | شرطي | مفوض | ضابط | er
    | onbaşı | çavuş | teğmen | yüzbaşı | binbaşı | soldat | caporal | sergent | capitaine | commandant |
    soldado | cabo | sargento | teniente | capitán | рядовой | ефрейтор | сержант | лейтенант | капитан |
    майор | полковник | 士兵 | 上尉 | 中士 | 少校
""")
#: what stands around a word in the head of a column: "Soldier Name", "mobile no. 2"
FILLERS = _words("""
    the | no | nr | num | number | of | s | soldier | soldiers | officer | member | person | employee | his | her | en |
    ar | primary | secondary | emergency | contact | home | work | personal | current | permanent
""")
