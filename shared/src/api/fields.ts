import { z } from "zod";

/** Fields that schemas of every kind have. Not part of the contract by themselves. */
export const iso = z.iso.datetime();
export const id = z.string().min(1).max(128);
