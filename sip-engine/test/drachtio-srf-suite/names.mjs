// names.mjs COMPOSE DIR: writes hosts.json, hosts and resolv.conf for the services of the suite's compose file.
import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { services } from "./compose.mjs";

const [compose, dir] = process.argv.slice(2);
const names = Object.fromEntries(services(readFileSync(compose, "utf8")).map(({ name, ip }) => [name, ip]));
// Started by the suite with `docker run --name`, so it is not in the compose file.
names["sipp-uas-b-teardown"] = "172.29.0.30";
const hosts = Object.entries(names).map(([name, ip]) => `${ip} ${name}`);
writeFileSync(`${dir}/hosts.json`, JSON.stringify(names));
writeFileSync(`${dir}/hosts`, [`127.0.0.1 localhost ${hostname()}`, ...hosts, ""].join("\n"));
writeFileSync(`${dir}/resolv.conf`, "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
