"""The words that mean a class of weapons: kinds, and names of systems.

A class's words stand apart by " | ". They are patterns over plain text (lower case, no accents and apostrophes,
hyphens as spaces); a plural "s" or "es" is understood. The first class that fits is meant, so the more specific
ones stand further up: "anti-aircraft missile" is air defence, "rocket-propelled grenade" no rocket.
"""

from collections.abc import Mapping

_LADEN = r"(?:bomb|explosives?) (?:laden|packed|rigged|filled|carrying)|booby trapped|exploding"
_CRAFT = r"(?:drone|uav|uas|uavs|aircraft|aerial vehicle)"
_BOAT = r"(?:boat|speedboat|vessel|skiff|dinghy|dinghie)"
_VEHICLE = r"(?:car|truck|lorry|van|bus|vehicle|motorbike|motorcycle|tanker|rickshaw|pickup|ambulance)"
_BOMB = r"bomb(?:ing|er)?"
_ANTI_TANK = r"anti ?(?:tank|armou?r)"

WORDS: Mapping[str, str] = {
    "air defence": r"""
        (?:anti|counter) ?(?:aircraft|air|drone|uav|missile|ballistic missile)\b(?: \w+)* |
        air defen[cs]e(?: \w+)* | surface to air(?: \w+)* | interceptor | manpad | sam | flak | c ram | ciws |
        phalanx | s ?(?:75|125|200|300|350|400)\w* | patriot | iron dome | davids sling | arrow(?: [23])? | thaad |
        nasams | iris t | pantsir\w*(?: s1)? | buk(?: m\d)? | tor(?: m\d)? | osa | strela | igla | stinger |
        starstreak | piorun | bavar | khordad | zu 23(?: 2)? | zsu 23(?: 4)? | shilka | tunguska | gepard |
        avenger | hawk missile | crotale | sayyad
    """,
    "naval drone": rf"""
        (?:naval|sea|maritime|surface|underwater|marine|water ?borne) (?:attack )?{_CRAFT} | drone {_BOAT} |
        (?:unmanned|uncrewed|remote controlled|remotely piloted|suicide|kamikaze|{_LADEN}) (?:surface )?{_BOAT} |
        (?:unmanned|uncrewed) (?:surface|underwater) (?:vehicle|vessel|craft) | usv | uuv | magura(?: v\d)? |
        sea baby
    """,
    "one-way attack drone": rf"""
        (?:one way|kamikaze|suicide|fpv|first person view|{_LADEN}) (?:\w+ )?{_CRAFT} | one way attack | fpv |
        loitering (?:munition|ammunition|drone) | (?:drone|uav)s? (?:laden|packed|rigged) with explosives |
        shahed\w*(?: \d+)? | shahid(?: \d+)? | geran(?: \d)? | gerbera | qasef\w*(?: ?\w\w?)? | samad(?: ?\d)? |
        lancet | ababil(?: t)? | arash(?: \d)? | waid | harop | harpy | switchblade | hero 120 | kub(?: bla)? |
        warmate | beaver drone | liutyi
    """,
    "drone": r"""
        drone | uav | uas | ucav | quad ?copter | hexacopter | multi ?copter |
        unmanned (?:combat )?(?:aerial|air)\w* ?\w* |
        (?:unmanned|uncrewed|pilotless|remotely piloted) (?:combat )?(?:aircraft|plane) | mq ?(?:1|9)\w? | reaper |
        predator | bayraktar | tb ?2 | akinci | mohajer(?: ?\d+)? | wing loong | ch 4 | orlan(?: 10)? |
        hermes (?:450|900) | mavic
    """,
    "suicide vehicle bomb": rf"svbied | suicide {_VEHICLE}(?: {_BOMB})? | suicide vehicle borne.*",
    "suicide bomb": rf"""
        suicide (?:vest|belt|jacket|device|{_BOMB}|attack(?:er)?|blast|explosion|assault|mission) |
        (?:explosives?|bomb) (?:vest|belt|jacket) | human bomb | sbied | pbied
    """,
    "vehicle bomb": rf"""
        {_VEHICLE} {_BOMB} | vbied | vehicle borne (?:improvised )?(?:explosive.*|bomb) | bicycle bomb |
        (?:{_LADEN}) {_VEHICLE} | {_VEHICLE}s? (?:laden|packed|rigged|loaded|filled) with explosives
    """,
    "rocket-propelled grenade": r"""
        rocket propelled grenade(?: launcher)? | rpg(?: ?\d+)?\w? | bazooka | panzerfaust
    """,
    "grenade launcher": r"grenade launcher | ags ?(?:17|30) | mk ?19 | launched grenade | rifle grenade",
    "anti-tank missile": rf"""
        {_ANTI_TANK} (?:guided )?(?:missile|rocket|weapon|projectile|fire) | atgm | kornet | konkurs | metis |
        tow(?: 2)?(?: missile)? | javelin | almas | dehlavi\w* | toophan | stugna(?: p)? | spike | nlaw | milan
    """,
    "ballistic missile": r"""
        ballistic(?: \w+)* | hypersonic(?: \w+)* | iskander(?: ?m)? | fateh(?: ?\d+)? | fattah(?: ?\d)? | scud |
        kinzhal | tochka(?: u)? | zol ?f[ai]ghar | zolfaqar | zulfiqar | qiam(?: ?\d)? | emad | ghadr | sejjil |
        kheibar ?shekan | khaibar | khorramshahr | shahab | burkan(?: ?\dh?)? | haj qasem | dezful | atacms |
        kn 23 | hwasong\w* | oreshnik | palestine 2 | jericho
    """,
    "cruise missile": r"""
        cruise | kalibr | tomahawk | paveh | quds(?: ?\d)?(?: missile)? | soumar | hoveyzeh | ya ?ali | al arqab |
        storm shadow | scalp | taurus | kh ?(?:55|101|555) | flamingo | delilah | popeye
    """,
    "anti-ship missile": r"""
        anti ship(?:ping)?(?: \w+)* | exocet | harpoon | neptune | c ?80[12] | noor missile | yakhont | onyx |
        oniks | asef | nasr missile
    """,
    "air-launched missile": r"""
        air (?:launched|to (?:surface|ground|air)) (?:\w+ )?missile | hellfire | brimstone | agm ?\d+ |
        kh ?(?:22|29|31|59|69)
    """,
    "missile": r"missile | guided weapon",
    "mortar": r"mortar | (?:60|81|82|120) ?mm (?:shell|round|bomb)",
    "rocket": r"""
        rocket | (?:107|122|220|240|300) ?mm | mlrs? | grad | katyusha | qassam | himars | smerch | uragan |
        tornado s | fajr(?: ?\d)? | falaq(?: ?\d)? | bm ?(?:21|27|30) | tos ?1\w? | gmlrs | type 63
    """,
    "crowd control": r"""
        tear ?gas | rubber (?:coated )?bullet | water cannon | pepper spray | stun grenade | baton round |
        (?:police )?baton
    """,
    "cluster munition": r"cluster (?:munition|bomb|warhead|ammunition) | bomblet | sub ?munition",
    "incendiary munition": r"""
        (?:white )?phosphor\w+ | napalm | thermite | incendiary (?:\w+ )?(?:munition|shell|bomb|rocket|ammunition)
    """,
    "air-dropped bomb": rf"""
        (?:glid\w+|barrel|guided|aerial|air dropped|air|smart|gravity|dumb|thermobaric|vacuum) {_BOMB} |
        air dropped.* | jdam | kab(?: ?\d+)? | fab(?: ?\d+)? | gbu ?\d+\w? | umpk | paveway | bunker bust\w+ |
        mk ?8[234] | [\d,]+ ?(?:pound|lb|kg) bomb
    """,
    "naval mine": r"(?:naval|sea|limpet|drifting|floating) mine",
    "landmine": rf"(?:land|road) ?mine | (?:anti personnel|{_ANTI_TANK}) mine | mine | minefield",
    "tank": r"tank | t ?(?:55|62|64|72|80|90)\w? | merkava | leopard(?: 2)? | abrams | challenger(?: 2)?",
    "artillery": r"""
        artiller\w+ | howitzer | cannon | shell | field gun | self propelled gun | (?:105|122|130|152|155) ?mm |
        d ?30 | m777 | caesar | recoilless (?:rifle|gun) | spg ?9 | naval gun | archer | krab | pzh 2000
    """,
    "IED": rf"""
        ied | improvised (?:\w+ )?{_BOMB} | (?:improvised )?explosive device | roadside {_BOMB} | booby trap\w* |
        efp |
        (?:parcel|letter|mail|pipe|nail|sticky|magnetic|home ?made|crude|time|buried) {_BOMB} |
        (?:planted|remote controlled) {_BOMB} |
        explosively formed \w+ | exploding (?:pager|phone|device|radio) | infernal machine
    """,
    "petrol bomb": r"(?:petrol|gasoline|fire|gas) ?bomb(?:ing)? | molotov(?: cocktail)?",
    "incendiary": r"incendiary(?: \w+)? | arson(?:ist)? | flame ?thrower | fire balloon | gasoline",
    "grenade": r"(?:hand )?grenade",
    "helicopter": r"""
        helicopter(?: gunship)? | chopper | gunship | apache | black ?hawk | cobra | mi ?(?:8|17|24|28|35)\w* |
        ka ?52
    """,
    "warplane": r"""
        war ?plane | (?:fighter|combat|attack|military) ?(?:jet|plane) | fighter bomber | bomber | jet(?! ski) |
        plane | airplane | aircraft(?! carrier) | f ?(?:4|5|14|15|16|18|22|35)\w? |
        su ?(?:22|24|25|27|30|34|35|57)\w? | sukhoi | mig ?\d*\w? | mirage | rafale | typhoon | eurofighter |
        tu ?(?:22|95|160)\w* | b ?(?:1|2|52)\w? | a ?10 | ac ?130\w? | l ?39 | super tucano
    """,
    "aerial": r"""
        air ?(?:strike|raid|attack|power|bombardment|bombing) | aerial \w+ | air to ground \w+ | air force
    """,
    "machine gun": r"""
        machine ?gun(?:fire| fire)? | sub ?machine gun | pkm? | dshk | dushka | gatling | minigun | 50 cal\w* |
        technical | uzi
    """,
    "sniper rifle": r"sniper\w*(?: \w+)? | dragunov | marksman rifle",
    "small arms": r"""
        small arm | light (?:arm|weapon) | fire ?arm | gun | gun ?fire | (?:assault )?rifle | pistol | hand ?gun |
        shotgun | revolver | ak ?(?:47|74|103)\w? | kalashnikov | m ?(?:4|16)\w? | carbine |
        (?:semi )?automatic (?:weapon|fire) | bullet | live (?:fire|round|ammunition) | ammunition
    """,
    "chemical weapon": r"""
        chemical(?: \w+)? | chlorine(?: \w+)? | sarin | (?:nerve|blister|choking) (?:agent|gas) | novichok |
        mustard (?:gas|agent) | (?:poison|toxic)\w* ?(?:gas|agent|substance) | vx | chloropicrin
    """,
    "melee weapon": r"""
        kni(?:fe|ve) | machete | sword | axe | dagger | blade | bayonet | club | stick | stone | sharp object |
        cleaver | spear | arrows
    """,
    "vehicle": rf"{_VEHICLE} ramming | ramming {_VEHICLE} | bulldozer",
    "armoured vehicle": r"""
        armou?red (?:\w+ )*(?:vehicle|carrier|car) | armou?r | apc | ifv | bmp(?: ?\d)? | btr(?: ?\d+)? | bradley |
        humvee | mrap
    """,
    "torpedo": r"torpedoe?",
    "heavy weapon": r"heavy (?:weapon\w*|arm|fire) | projectile | indirect fire",
    "explosive": r"""
        bomb | explosive(?: \w+)? | munition | warhead | ordnance | dynamite | tnt | c ?4 | semtex | explosion |
        blast | detonator | (?:satchel|demolition|shaped) charge
    """,
}
