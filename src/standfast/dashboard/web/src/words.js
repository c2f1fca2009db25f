// Lines of a run's log, verdicts and interventions, in words.

const LINES = {
  attack: "{value} fighters attack {place}",
  assault_begins: "The assault on {place} begins",
  place_lost: "{place} is lost",
  halt: "The front halts at {place}",
  call_answered: "A call from {unit} is answered",
  call_refused: "A call from {unit} is refused: you are on your own",
  call_unanswered: "A call from {unit} is never answered",
  reinforcement_arrives: "{unit} arrives at {place}",
  commanders_leave: "The commanders of {unit} leave",
  mass_message: "The same text reaches many phones at {place}",
  order: "An order goes out at {place}",
  evacuation: "{unit} moves out of {place} in good order",
  rout: "{unit} runs",
  call_up: "Those at {place} are called up",
  breach: "Records of {place} reach the adversary",
  prison_break: "The prison at {place} is opened",
  mobilisation: "Volunteers are called to {place}",
  treachery_rumour: "It is said that {place} was betrayed",
  intervention: "A measure of the defender begins {at}",
  attack_breaks_off: "The attackers break off at {place}",
  intensify: "The assault on {place} changes its force",
};

export function lineText(line) {
  const unit = line.unit || "a unit";
  return (LINES[line.kind] ?? line.kind.replaceAll("_", " "))
    .replace("{place}", line.place || "everywhere").replace("{unit}", unit)
    .replace("{at}", line.place ? `at ${line.place}` : "everywhere")
    .replace("{value}", Math.round(line.value).toLocaleString("en"));
}

const MANY = {
  call_answered: "{n} calls for help are answered",
  call_refused: "{n} calls for help are refused: you are on your own",
  call_unanswered: "{n} calls for help are never answered",
  rout: "{n} battalions run",
  commanders_leave: "The commanders of {n} battalions leave",
  reinforcement_arrives: "{n} battalions arrive",
  evacuation: "{n} battalions move out in good order",
};

/** The log from the newest line back, with the same thing happening to many told once. */
export function* told(log, until = Infinity) {
  let group = null;
  for (let i = log.length - 1; i >= 0; i--) {
    const line = log[i];
    if (line.hour > until) continue;
    if (group && MANY[line.kind] && line.kind === group.line.kind) {
      group.n++;
      continue;
    }
    if (group) yield group;
    group = { line, n: 1 };
  }
  if (group) yield group;
}

export const groupText = ({ line, n }) => (n === 1 ? lineText(line) : MANY[line.kind].replace("{n}", n));

export const plain = (name) => name.replaceAll("_", " ");

export function itemText(item) {
  const where = item.place ?? item.places?.join(", ") ?? "";
  const size = item.size === undefined ? "" : ` ${Math.round(100 * item.size)} %`;
  return `${plain(item.kind)}${item.order ? `: ${item.order}` : ""}${size}${where ? `, ${where}` : ""}`;
}

export const TONES = { held: "held", "organised withdrawal": "withdrawal", fragmented: "fragmented", "total collapse": "collapse" };
