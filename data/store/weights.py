"""What each agreement and disagreement of two accounts weighs, and from which sum on they are one incident.

Every weight is a multiple of a quarter, so that sums are exact and the same in any order. The unit: two accounts of
one base on one day reach the threshold with one point to spare; two of one city on one day miss it by half a point,
because two strikes on a city on a day are common, and need an agreement in attacker, weapon or target. The rest was
set on the development half of `benchmarks/merging/pairs.jsonl`, never on the other half.
"""

THRESHOLD = 5.0

# Days. The reports of a day agree on it; a range of days holds several incidents of a busy place.
SAME_DAY = 3.0
FEW_DAYS = 2.5  # the longer interval has two or three days
WEEK = 1.5  # … four to seven
NIGHT = 1.0  # days in a row, and an evening, night or morning is named: one night has two dates
OTHER_HOURS = 0.0  # a morning and an evening of one day
NEXT_DAY = 0.0  # days in a row: a slip of dates, or time zones, or the next attack
FEW = 3

# Places.
SAME_BASE = 3.0
SAME_SITE = 2.0  # two entries a walk apart: gazetteers list an airport and the base on it
SAME_CITY = 1.5
BASE_NEAR_PLACE = 1.0  # one report names the base, the other the town
OTHER_TOWN = -1.0  # two towns, or two bases, of one neighbourhood
SAME_AREA = 0.0  # a first-level unit, a region, a sea: too large to say that it is the same, too small to say nothing
ONLY_COUNTRY = -0.75  # attacker, weapon and the words of the target must all agree, or a large toll
NO_PLACE = -1.0
SAME_LOCALITY = 2.5  # a name that no gazetteer has, as good as a base that none has
SAME_QUARTER = 0.5  # … in a city: with it the city suffices, if nothing speaks against
OTHER_LOCALITY = -2.5
OTHER_UNIT = -2.0  # no veto: fronts cross borders of provinces, and reporters mix them up
WALK_KM = 3.0
NEAR_KM = 30.0

# Targets. Words that name one are as good as a base that no gazetteer has.
SAME_NAME = 2.5
SAME_WORDS = 1.0  # "US base" and "US base"
SAME_KIND = 0.75
SAME_VICTIM = 0.75  # the same side was attacked
OTHER_NAME = -1.75  # attacker, weapon and a small toll agree by chance in a war, a large toll hardly
OTHER_KIND = -1.75
OTHER_WORDS = -1.5  # no word in common, and no kind known of one
OTHER_VICTIM = -1.5

# Attackers. Most attacks on one target are by one attacker, so agreement says less than a place.
SAME_ATTACKER = 1.0
RELATED_ATTACKER = 0.75  # an umbrella and its member
ALIKE_ATTACKER = 0.75  # unlinked, spelled alike
SAME_DESCRIPTION = 0.25  # "gunmen" and "gunmen"
OTHER_ATTACKER = -0.75  # first reports name the wrong group of the right side
OTHER_SIDE = -2.5  # of no common country: first reports name the wrong state, and a base and a large toll outweigh it
STATE_AND_GROUP = -3.0  # of one country: its army, and who fights it
CROSSED = -3.0  # who attacks in one is attacked in the other: an answer; of two sides it rules a merge out
ALIKE = 85.0  # rapidfuzz's ratio, of 100, from which two names are one

# Weapons.
SAME_WEAPON = 0.75
RELATED_WEAPON = 0.75  # "drone" and "one-way attack drone" are two ways to say it
MISTAKEN_WEAPON = -0.75  # first reports say "rocket" of a drone
OTHER_WEAPON = -1.5  # but hardly "mortar" of an air raid

# Tolls: they grow, so a difference says little. Small numbers agree by chance, and so does that nobody was harmed.
LARGE_TOLL = 1.25  # both say the same number, of ten or more
SAME_TOLL = 0.75  # … of five to nine
SMALL_TOLL = 0.25  # … of two to four
LIKE_TOLL = 0.0  # none or one in both, or ranges that overlap
GROWN_TOLL = -0.25
OTHER_TOLL = -0.75
GROWTH = 4  # times by which a toll grows from one day's reports to the next before it is rather another one
DAY_GROWTH = 2  # … between reports of one day, or where the later one says less
FEW_HARMED = 3  # so many may turn out to be where a report says one or nobody was
