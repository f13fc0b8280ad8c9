// Makes ../data/cultures.tsv from Unicode CLDR.
//
//   npm install cldr-core@48.2.0 cldr-numbers-full@48.2.0 cldr-dates-full@48.2.0
//   node cultures.mjs PATH-TO/node_modules > ../data/cultures.tsv
//
// CLDR patterns become .NET patterns by the rules that .NET itself uses on ICU: the short date gets
// a year of four digits, patterns of money and percent keep only sign, number, symbol and a plain
// space, and a time pattern has plain spaces.

import { createRequire } from "node:module";
import { resolve } from "node:path";

const packages = resolve(process.argv[2] ?? "node_modules");
const load = (path) => createRequire(import.meta.url)(`${packages}/${path}`);

// The cultures, by language; the first region is that of the language alone.
const REGIONS = {
  af: "ZA", ar: "EG SA AE BH DZ IQ JO KW LB LY MA OM QA SY TN YE", az: "AZ", be: "BY", bg: "BG",
  bn: "BD IN", bs: "BA", ca: "ES AD", cs: "CZ", cy: "GB", da: "DK", de: "DE AT BE CH IT LI LU",
  el: "GR CY", en: "US AU CA GB HK IE IN JM KE MT MY NG NZ PH SG ZA ZW", es: "ES AR BO CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV US UY VE",
  et: "EE", eu: "ES", fa: "IR", fi: "FI", fil: "PH", fo: "FO", fr: "FR BE CA CH CI LU MA MC SN TN",
  ga: "IE", gl: "ES", gu: "IN", he: "IL", hi: "IN", hr: "HR BA", hu: "HU", hy: "AM", id: "ID",
  is: "IS", it: "IT CH", ja: "JP", ka: "GE", kk: "KZ", km: "KH", kn: "IN", ko: "KR", ky: "KG",
  lb: "LU", lo: "LA", lt: "LT", lv: "LV", mk: "MK", ml: "IN", mn: "MN", mr: "IN", ms: "MY SG",
  mt: "MT", my: "MM", nb: "NO", ne: "NP", nl: "NL BE", nn: "NO", no: "NO", pa: "IN", pl: "PL",
  pt: "BR AO MZ PT", ro: "RO MD", ru: "RU BY KZ UA", si: "LK", sk: "SK", sl: "SI", sq: "AL MK",
  sr: "RS BA ME", "sr-Latn": "RS BA ME", sv: "SE FI", sw: "KE TZ", ta: "IN", te: "IN", th: "TH",
  tr: "TR CY", uk: "UA", ur: "PK", uz: "UZ", vi: "VN", zh: "CN SG", "zh-Hant": "TW HK MO", zu: "ZA",
};

const { supplemental: money } = load("cldr-core/supplemental/currencyData.json");

function currencyOf(region) {
  const uses = money.currencyData.region[region].map((use) => Object.entries(use)[0]);
  const [code] = uses.find(([, use]) => !use._to && use._tender !== "false");
  const digits = money.currencyData.fractions[code] ?? money.currencyData.fractions.DEFAULT;
  return { code, digits: digits._digits };
}

/** The folder of a culture in CLDR; where a script or region adds nothing there is none. */
function read(parts, pack, file) {
  const [language, script, region] = parts;
  const names = [[language, script, region], [language, region], [language, script], [language]];
  for (const name of names.map((name) => name.filter(Boolean).join("-"))) {
    try {
      return load(`${pack}/main/${name}/${file}.json`).main[name];
    } catch (error) {
      if (error.code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new Error(`no ${file} for ${parts}`);
}

/** Runs of letters and quoted texts of a CLDR pattern, each through its function. */
function convert(pattern, letters) {
  return pattern.replace(/'(?:[^']|'')*'|([A-Za-z])\1*/g, (run, letter) => {
    if (!letter) return run === "''" ? "\\'" : run;
    return letters(letter, run.length);
  });
}

function datePattern(pattern) {
  return convert(pattern, (letter, count) => {
    if ("Ecce".includes(letter)) return count === 4 ? "dddd" : "ddd";
    if ("ML".includes(letter)) return "M".repeat(Math.min(count, 4));
    if ("yu".includes(letter)) return count === 2 ? "yy" : "yyyy";
    if (letter === "G") return "g";
    if (letter === "d") return "d".repeat(count);
    throw new Error(`letter ${letter} in ${pattern}`);
  });
}

function timePattern(pattern) {
  return convert(pattern, (letter, count) => {
    if ("abB".includes(letter)) return "tt";
    if ("hK".includes(letter)) return "h".repeat(count);
    if ("Hk".includes(letter)) return "H".repeat(count);
    if ("ms".includes(letter)) return letter.repeat(count);
    throw new Error(`letter ${letter} in ${pattern}`);
  }).replace(/[\u00a0\u2009\u202f]/g, " ");
}

/** What stands between the first two parts of a pattern. */
function separator(pattern, parts) {
  const found = new RegExp(`([${parts}])\\1*((?:'[^']*'|[^${parts}'])+)[${parts}]`).exec(pattern);
  return found[2].replace(/'/g, "");
}

/** A pattern of money or percent as `-`, `#`, and `$` or `%`. */
function numberPatterns(pattern) {
  const tidy = (part) =>
    part.replace(/[#0,.]+/, "#").replace(/[\u00a0\u202f]/g, " ").replace(/¤/g, "$").replace(/[^-#$% ()]/g, "");
  const [positive, negative] = pattern.split(";").map(tidy);
  return [positive, negative ?? `-${positive}`];
}

function groupSizes(pattern) {
  const groups = pattern.split(";")[0].replace(/[^#0,.]/g, "").split(".")[0].split(",").slice(1);
  const sizes = groups.map((group) => group.length).reverse();
  return (sizes.length > 1 && sizes[0] === sizes[1] ? sizes.slice(0, 1) : sizes).join(",") || "0";
}

const list = (object) => Object.values(object);

function columns(parts) {
  const region = parts[2];
  const { numbers } = read(parts, "cldr-numbers-full", "numbers");
  const { currencies } = read(parts, "cldr-numbers-full", "currencies").numbers;
  const { gregorian } = read(parts, "cldr-dates-full", "ca-gregorian").dates.calendars;
  const system = numbers.defaultNumberingSystem;
  const symbols = numbers[`symbols-numberSystem-${system}`];
  const decimals = numbers[`decimalFormats-numberSystem-${system}`].standard;
  const moneyFormat = numbers[`currencyFormats-numberSystem-${system}`].standard;
  const currency = currencyOf(region);
  const { availableFormats } = gregorian.dateTimeFormats;
  const shortDate = datePattern(gregorian.dateFormats.short).replace(/(?<!y)yy(?!y)/, "yyyy");
  const longTime = timePattern(gregorian.timeFormats.medium);
  const names = (kind, form, width) => list(gregorian[kind][form][width]);
  const genitive = (width) => {
    const [alone, inside] = ["stand-alone", "format"].map((form) => names("months", form, width));
    return alone.join() === inside.join() ? "-" : inside.join("|");
  };
  const periods = gregorian.dayPeriods.format.wide;
  // Thailand counts years from the Buddha (CLDR: cldr-cal-buddhist-full); every other culture is
  // given Gregorian years.
  const buddhist = region === "TH" ? "พ.ศ." : undefined;
  return [
    [symbols.decimal, symbols.group, symbols.minusSign, symbols.plusSign, symbols.percentSign,
      symbols.perMille, symbols.nan, symbols.infinity].join("|"),
    groupSizes(decimals),
    [currencies[currency.code].symbol ?? currency.code, currency.digits, symbols.currencyDecimal ?? symbols.decimal,
      symbols.currencyGroup ?? symbols.group, ...numberPatterns(moneyFormat)].join("|"),
    numberPatterns(numbers[`percentFormats-numberSystem-${system}`].standard).join("|"),
    [shortDate, datePattern(gregorian.dateFormats.full), timePattern(gregorian.timeFormats.short),
      longTime, datePattern(availableFormats.MMMMd), datePattern(availableFormats.yMMMM)].join("|"),
    [separator(shortDate, "dMy"), separator(longTime, "Hhms")].join("|"),
    [periods.am, periods.pm].join("|"),
    buddhist ? `${buddhist}|543` : `${gregorian.eras.eraAbbr["1"]}|0`,
    names("days", "stand-alone", "wide").join("|"),
    names("days", "stand-alone", "abbreviated").join("|"),
    names("months", "stand-alone", "wide").join("|"),
    names("months", "stand-alone", "abbreviated").join("|"),
    genitive("wide"),
    genitive("abbreviated"),
  ];
}

const HEADER = `# Cultures, made by tools/cultures.mjs from Unicode CLDR 48.2. Do not edit.
# Copyright © 1991-2025 Unicode, Inc. SPDX-License-Identifier: Unicode-3.0
# An empty column is that of the parent. Columns: name, parent, symbols, group sizes, money, percent,
# patterns (d D t T M Y), separators, am and pm, era and its offset, days, short days,
# months, short months, months inside a date, short months inside a date ("-": the same).`;

const rows = [];
for (const [tag, regions] of Object.entries(REGIONS)) {
  const [language, script = ""] = tag.split("-");
  let base;
  for (const region of regions.split(" ")) {
    const row = columns([language, script, region]);
    if (row.some((column) => column === "" || /[\t\n]/.test(column))) throw new Error(`${tag}-${region}: ${row}`);
    if (!base) {
      base = row;
      rows.push([tag, "", ...row]);
    }
    const name = tag === "zh-Hant" ? `zh-${region}` : `${tag}-${region}`;
    rows.push([name, tag, ...row.map((column, at) => (column === base[at] ? "" : column))]);
  }
}
rows.sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
process.stdout.write(`${HEADER}\n${rows.map((row) => row.join("\t")).join("\n")}\n`);
