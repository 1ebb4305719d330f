"""What the places of the country are called, and what else is written there. None of these places exists."""

FIRST = (
    *("Kōwhai", "Pūkeko", "Tūī", "Raupō", "Ngaio", "Kererū", "Mānuka", "Tōtara", "Rimu", "Harakeke", "Toetoe"),
    *("Kahikatea", "Kānuka", "Pīwakawaka", "Kākā", "Ruru", "Kōtuku", "Horopito", "Nīkau", "Miro", "Kōtare"),
    *("Rewarewa", "Tawa", "Pāteke", "Tīeke", "Weka", "Hīnau", "Karaka", "Tarāpunga", "Pūriri"),
)
SECOND = (
    *("Weir", "Lantern", "Causeway", "Windmill", "Signal", "Stile", "Kiln", "Tollgate", "Milestone", "Footbridge"),
    *("Sundial", "Bellbuoy", "Turntable", "Haystack", "Boatshed", "Sawpit", "Waterwheel", "Lookout Tree", "Woolshed"),
    *("Ropewalk", "Bandstand", "Teapot", "Weathervane", "Orchard Gate", "Long Jetty", "Clocktower", "Letterbox"),
    *("Paddling Pool",),
)
TEAM = "Ministry team {number} (invented)"
REGIONS = ("NTL", "AUK", "WKO", "BOP", "GIS", "HKB", "TKI", "MWT", "WGN", "CAN", "OTA", "STL")
"""Those that every so many catchments lie in; the small ones have one each."""
SMALL_REGIONS = ("TAS", "NSN", "MBH", "WTC", "SCA", "CIT")

WHY = {
    "transition": (
        "Attendance has steadied over three weeks. The school leads from here.",
        "Ten days in a row at school. The dean checks in each Friday from now on.",
    ),
    "paused": (
        "The whānau is away for a tangi; we begin again when they are back.",
        "In hospital for some weeks. The school sends work home.",
    ),
    "closed": (
        "Attending regularly; school and whānau agree that support can end.",
        "Has begun a course with another provider, who has been told of us.",
        "Moved overseas with the whānau.",
    ),
}
EDITED = "{text} (Put right: it was the day before.)"
MORE_COMMENTS = {
    "school": (
        "{name} came for maths and left at interval. The tutor phoned home at once.",
        "The bus was late all week, so two of the lates are not {name}’s.",
        "Breakfast club has a place for {name} from Monday.",
        "No contact today; the phone rings out. We try the nan tomorrow.",
        "{name} sat the practice test with the small group and did well.",
        "Learning support has moved {name} to mornings only for the next fortnight.",
        "Kapa haka practice is on Thursdays now; {name} has come to both.",
    ),
    "case_manager": (
        "Visited after work; whānau and I wrote down what a good week looks like.",
        "{name} and I walked to school together on two days this week.",
        "Asked the school for the names of the two teachers {name} gets on with.",
        "Left a card; the uncle rang back within the hour. We meet on Wednesday.",
        "Uniform is sorted: the school’s second-hand room had everything.",
        "We talked about sleep, phones and the first lesson of the day. One change at a time.",
        "{name} would like to start with two afternoons. The school agrees.",
        "The whānau is moving house at the weekend; I ask for the new address on Monday.",
    ),
    "workflow_lead": (
        "Looked through the plan with the case manager; the next step is theirs.",
        "Spoke with the dean about the timetable. They ring us by Friday.",
    ),
}
