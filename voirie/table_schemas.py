"""Declarations of the tables: ``column kind[?] meaning`` a line, ``?`` for nullable."""

from __future__ import annotations

_ROUTE = """
gestionnaire text{q} who manages the road
dep text{q} department, three characters
route text{q} name of the route
cote text{q} D, G or U
"""
_LANE = (
    _ROUTE
    + """
sens text{q} + with increasing PR, - against
voie int{q} lane from the right edge in the direction of travel
"""
)
_PLACE = (
    _LANE
    + """
cumul_m float{q} metres from the start of the route
offset_m float? metres from the axis, positive right of increasing PR
"""
)

_ROUTE_ALWAYS, _LANE_ALWAYS = _ROUTE.format(q=""), _LANE.format(q="")
_PLACE_ALWAYS, _PLACE_OR_NULL = _PLACE.format(q=""), _PLACE.format(q="?")

_NOTES = """
note_structure float? note of the structure, 0 to 20
note_structure_low float? its low bound
note_structure_high float? its high bound
note_surface float? note of the surface, 0 to 20
note_surface_low float? its low bound
note_surface_high float? its high bound
note_globale float? the lower of the two, 0 to 20
note_globale_low float? its low bound
note_globale_high float? its high bound
classe_etat text BE, EM, ME or nd
coverage_pct float surveyed share of the length
upper_bound bool True when codes the sensor cannot see leave the sum: a best case
missing_codes text codes that this sensor cannot see, comma separated
scheme_version text version of the rating scheme
"""


def _join(*parts: str) -> str:
    return "\n".join(line for part in parts for line in part.strip().splitlines() if line.strip())


SCHEMAS: dict[str, tuple[str, str]] = {
    "passes": (
        "one continuous drive of one camera",
        """
pass_id text SHA-based identifier of its inputs
survey_id text the survey it belongs to
name text short name given in survey.toml
vehicle text? vehicle
camera text? camera
started_at time? first picture, UTC
ended_at time? last picture, UTC
length_m float driven length
offset_s float? added to video time to get track time
offset_low_s float? its low bound
offset_high_s float? its high bound
offset_source text? stated, estimated or none
source_name text name of the input, without its folder
source_sha256 text SHA-256 over the inputs
""",
    ),
    "track": (
        "one smoothed fix",
        _join(
            """
pass_id text the pass
t_s float seconds of track time since the start of the pass's track
""",
            _PLACE_OR_NULL,
            """
speed_mps float smoothed speed
heading_deg float heading clockwise from north
accuracy_m float standard deviation of the position
bridged bool True where it lies in a gap of the receiver
geometry geometry? point
""",
        ),
    ),
    "frames": (
        "one frame, kept or refused",
        _join(
            """
frame_id text pass and presentation time, or the still's hash
pass_id text the pass
source_name text file it came from, without its folder
pts_s float presentation time in the video, or index for stills
captured_at time? moment it was taken, UTC
distance_m float metres driven since the start of the pass
""",
            _PLACE_OR_NULL,
            """
heading_deg float? heading of the camera's vehicle
speed_mps float? speed
accuracy_m float? standard deviation of the position
pitch_deg float? pitch of the camera, positive down
yaw_deg float? angle of the camera right of the direction of travel
camera_source text? where the camera's pose comes from, NULL without one
width_px int? width of the stored picture
height_px int? height of the stored picture
luma float? mean brightness, 0 to 255
sharpness float? variance of the Laplacian
masked_pct float? share of the picture destroyed
near_masked_pct float? share of the near road band destroyed
picture_id text? file in pictures/, NULL when refused
reason text? why it was refused
geometry geometry? point of the vehicle
""",
        ),
    ),
    "views": (
        "one detection in one frame",
        _join(
            """
view_id text frame, model, box and code
frame_id text the frame
finding_id text? the finding it was fused into
family text pavement, sign, dumping, marking or asset
code text our code
model_class text the model's own class
x1_px float left of the box in the stored picture
y1_px float top
x2_px float right
y2_px float bottom
mask text? run-length code of the mask
score float the model's score
role text which model of models.toml
model_sha256 text hash of its weights
experimental bool trained on data without a clear licence
""",
            _PLACE_OR_NULL,
            """
cumul_from_m float? start of its extent on the axis
cumul_to_m float? end of its extent on the axis
forward_m float? metres ahead of the camera
lateral_m float? metres right of the camera
length_m float? length on the ground
width_m float? width on the ground
area_m2 float? area on the ground
accuracy_m float? standard deviation of its position
scale_assumed bool? True where no camera gave the scale
reason text? why it was left out of the findings
geometry geometry? ground polygon or point
""",
        ),
    ),
    "findings": (
        "one thing on the ground",
        _join(
            """
finding_id text survey and first view
survey_id text the survey
family text pavement, sign, dumping, marking or asset
code text our code
severity int? 1 to 3, NULL where it is not graded
confidence float mean score of its views
existence float chance that it exists, from its views
""",
            _PLACE_OR_NULL,
            """
cumul_from_m float? start of its extent on the axis
cumul_to_m float? end of its extent on the axis
accuracy_m float? standard deviation of its position
length_m float? length
length_low_m float? low bound
length_high_m float? high bound
width_m float? width
width_low_m float? low bound
width_high_m float? high bound
area_m2 float? area
area_low_m2 float? low bound
area_high_m2 float? high bound
scale_assumed bool True where no camera gave the scale
picture_id text? best picture
n_views int how many views
n_passes int how many passes saw it
first_seen_at time? first view, UTC
last_seen_at time? last view, UTC
origin text machine, human, imported or edited
review_state text proposed, confirmed, rejected or corrected
experimental bool rests on a model of unclear licence
flags text? remarks, comma separated
geometry geometry? polygon or point
""",
        ),
    ),
    "signs": (
        "attributes of a sign",
        """
finding_id text the finding
official_code text? code of the decree, NULL when only the family is known
sign_family text family of the decree
value text? figure or words read
facing_deg float? direction it faces
height_m float? height above the road
condition text? state
""",
    ),
    "dumping": (
        "attributes of a waste heap",
        """
finding_id text the finding
kind text bags, rubble, bulky, green or other
volume_class text? <1, 1-5 or >5 m3
status text proposed, reported or removed
""",
    ),
    "coverage": (
        "a stretch of lane, surveyed or not",
        _join(
            "pass_id text the pass",
            _LANE_ALWAYS,
            """
cumul_from_m float start
cumul_to_m float end
surveyed bool whether the near band was seen
reason text? why not
""",
        ),
    ),
    "extents": (
        "section x sens x voie x code x severity",
        """
section_id text the section
sens text + or -
voie int lane
code text our code
severity int 1 to 3
extent_pct float? share of the surveyed length, NULL = not observable
quantity float? number, metres or square metres
unit text? nb, m or m2
n_findings int findings behind it
n_assumed int? those whose code or severity is assumed, not seen
""",
    ),
    "sections": (
        "planning unit, both lanes, area once",
        _join(
            """
section_id text opaque and stable
network_version text hash of the network it was cut from
""",
            _ROUTE_ALWAYS,
            """
plod text point of reference of the start
absd int metres after it
plof text point of reference of the end
absf int metres after it
cumul_from_m float start
cumul_to_m float end
length_m float length
width_m float carriageway
width_source text? network, or assumed where nothing gives it
area_m2 float carriageway area, once
category int? 1 to 3
pole text? road pole
commune text? commune
agglo bool? inside an agglomeration
surface text? BB, ES, ECF...
traffic int? vehicles a day
sens_releves int directions surveyed, 0 to 2
""",
            _NOTES,
            """
note_patrimoine float? value of the works it needs, /20, display only
proposed_treatment text? treatment of the catalogue its note calls for
proposed_cost_eur float? cost of it, in the tax of the price list
experimental bool rests on a model of unclear licence
geometry geometry? line
""",
        ),
    ),
    "section_notes": (
        "section x sens x voie",
        _join(
            """
section_id text the section
survey_id text the survey
sens text + or -
voie int lane
length_m float length
surveyed_length_m float length seen
width_m float? width of the lane
area_m2 float? area of the lane
surveyed_on date? day of the survey
gnss_quality_m float? median accuracy of the position
n_frames int? pictures, NULL where none were given
""",
            _NOTES,
            """
d_structure float? weighted extent of the structural set, percent
d_surface float? weighted extent of the surface set, percent
edeg_pct float? weighted share for IDEG
ideg int? 4 to 0
vizir_if int? cracking index
vizir_is int? NULL without deformation
vizir_is_min int? with no deformation
vizir_is_max int? with the worst deformation
ftr_nb int? transverse cracks
ndp_nb int? potholes
ndp_m2 float? area of potholes
fai_m2 float? area of alligator cracking
rep_m2 float? area of patches
mean_confidence float? mean score of the findings
model_version text models that looked
experimental bool rests on a model of unclear licence
""",
        ),
    ),
    "works": (
        "one planned work",
        """
work_id text scenario, year and section
scenario text the scenario
year int the year
section_id text the section
treatment text code of the catalogue
area_m2 float treated area
cost_eur float cost, in the tax of the scenario
envelope text investment or operation
note_before float note before the work
note_after float note after the work
reason text why then and there
""",
    ),
    "plan_years": (
        "scenario x year",
        """
scenario text the scenario
year int the year, after its works and its ageing; the start is year first - 1
note float area-weighted note
budget_investment_eur float? investment envelope
budget_operation_eur float? operation envelope
spend_investment_eur float? spent on investment
spend_operation_eur float? spent on operation
need_eur float? cost of every work called for that year
backlog_eur float? part of the need left undone
km_below_surface float length under the surface threshold
km_below_structure float length under the structure threshold
km_below_12 float length under 12/20
""",
    ),
    "scenarios": (
        "one scenario, the line of the comparison",
        """
scenario text the scenario
note_start float area-weighted note before any work
note_end float after the last year
note_high float highest of the years, the start included
note_low float? lowest, only when under the start
note_mean float mean of the years, the start included
total_eur float spent over the horizon
tax text HT or TTC
observations text what the budget is, in words
value float objective of the plan
bound float upper bound of the objective
do_nothing_value float objective without any work
rule_value float? objective of serving the need in the order of benefit over cost
gap_pct float (bound - value) / (bound - do nothing), percent
assumed_area_pct float share of area whose start note is assumed, not surveyed
""",
    ),
}
