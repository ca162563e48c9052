/** Makes a database in the folder that is named, and ends: `node pglite-create.js <folder>`. */
import { PGlite } from "@electric-sql/pglite";

const db = await PGlite.create({ dataDir: process.argv[2]! });
await db.close();
