"""Names and places of the demonstration. Nobody here exists, nor do the streets."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """Names that go together, and the languages a caregiver of that family may rather speak."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    family: tuple[str, ...]
    languages: tuple[str, ...]

    @property
    def given(self) -> tuple[str, ...]:
        """All of them."""
        return self.women + self.men


@dataclass(frozen=True)
class Called:
    """Who somebody on a roll is; only the middle name is missing."""

    given: str
    family: str
    year_level: int
    names: Names

    @property
    def name(self) -> str:
        """What people say."""
        return f"{self.given} {self.family}"


MAORI = Names(
    (
        *("Aroha", "Āwhina", "Hinewai", "Kahurangi", "Kaia", "Kōtiro", "Māia", "Manaia", "Mere", "Mihi", "Ngāio"),
        *("Pūāwai", "Whetū"),
    ),
    ("Hēmi", "Hōhepa", "Nīkau", "Rangi", "Rāwiri", "Tāmati", "Tāne", "Te Ao", "Tūmanako", "Wiremu"),
    (
        *("Hōhaia", "Kōpua", "Ngātai", "Paki", "Parāone", "Pōtae", "Rāpana", "Rewi", "Tāmihana", "Te Rangi-Smith"),
        *("Te Whata", "Tūhou", "Waititi", "Waititi-Lafaele", "Whāiti", "Wīhongi"),
    ),
    ("te reo Māori",),
)
PACIFIC = Names(
    ("‘Ana", "Losa", "Lupe", "Malia", "Mele", "ʻOfa", "Pelenaise", "Sina", "Talia", "Vai"),
    ("Fa‘afetai", "Ioane", "Salesi", "Sefo", "Semisi", "Sione", "Tavita", "Tevita"),
    (
        *("Fa‘asavalu", "Fonoti", "Lafaele", "Leota", "Moala", "Sā", "Siaʻosi", "Taufa", "Tauʻeli", "Tuilagi"),
        *("Tu‘ipulotu", "Vaʻa", "Vainikolo"),
    ),
    ("Samoan", "Tongan", "Cook Islands Māori"),
)
ASIAN = Names(
    ("Aisha", "Anh", "Divya", "Hye-jin", "Kavya", "Linh", "Mei", "Priya", "Simran", "Xiu", "Yuna"),
    ("Arjun", "Bảo", "Ji-ho", "Jin", "Minh", "Rohan", "Wei"),
    ("Chen", "Đặng", "Kaur", "Kim", "Lê", "Li", "Ng", "Nguyễn", "O", "Park", "Patel", "Santos", "Singh", "Trần", "Wu"),
    ("Mandarin", "Cantonese", "Hindi", "Punjabi", "Vietnamese", "Korean"),
)
PAKEHA = Names(
    ("Charlotte", "Eilidh", "Georgia", "Isla", "Niamh", "Renée", "Ruby", "Tess", "Zoë"),
    ("Connor", "Finn", "Jack", "Liam", "Oscar", "Seán", "Toby", "William"),
    (
        *("Bennett", "D'Arcy", "Fraser", "Hargreaves", "Jones-Wilson", "MacDonald", "Müller", "O’Brien", "Olsen"),
        *("Smith", "St. John", "Thwaites", "Wu-Bennett"),
    ),
    (),
)
FAMILIES = (MAORI, PACIFIC, ASIAN, PAKEHA)

STREETS = ("Tūī Lane", "Pūkeko Rise", "Kererū Street", "Raupō Road", "Ngaio Close", "Old Ferry Road", "Ōtere Crescent")
TOWNS = {
    "9001": ("Te Awa", "Puna Bridge", "Awa Flat"),
    "9002": ("Te Awa", "Puna Bridge"),
    "9003": ("Kōwhai Bay", "Maunga Junction"),
}
LEVELS = {"9001": range(9, 14), "9002": range(1, 9), "9003": range(1, 14)}
"""Year levels of the three schools of the demonstration."""

NAMED = {
    "9001": (
        Called("Whānau", "Te Rangi-Smith", 9, MAORI),
        Called("Mei", "Ng", 10, ASIAN),
        Called("Jin", "Wu", 11, ASIAN),
        Called("Hēmi", "Waititi-Lafaele", 9, MAORI),
    ),
}
"""Who always comes first on a roll."""
