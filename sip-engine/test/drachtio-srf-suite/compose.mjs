/** Services of the suite's docker-compose file: name, address, command and published control port. */
export function services(yaml) {
  const all = [];
  for (const line of yaml.split("\n")) {
    const last = all.at(-1);
    let match;
    if ((match = /^ {2}([\w-]+):\s*$/.exec(line))) all.push({ name: match[1] });
    else if ((match = /^ {4}command:\s*(.*)$/.exec(line))) last.command = match[1];
    else if ((match = /ipv4_address:\s*([\d.]+)/.exec(line))) last.ip = match[1];
    else if ((match = /"(\d+):9022\/tcp"/.exec(line))) last.admin = Number(match[1]);
  }
  return all.filter(({ ip, command }) => ip && command);
}
