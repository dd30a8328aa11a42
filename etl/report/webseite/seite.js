// Makes the page answer: choose, read off, switch to tables, download. Without it every chart and table is there.
// The first part is the twin of bausteine.py, bilder.py and tafeln.py and builds exactly the same from the same cells.
"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const IM_BILD = new Set(["svg", "title", "desc", "line", "path", "circle", "text", "rect"]);
  const GESPROCHEN = { "*": "geheim", ".": "nicht verfügbar", x: "nicht sinnvoll" };
  const INSGESAMT = "INSGESAMT";
  const [BREITE, HOEHE, LINKS, RECHTS, OBEN, UNTEN] = [320, 174, 52, 264, 12, 146];
  const daten = JSON.parse(document.getElementById("daten").textContent);
  const monate = daten.monate;

  const element = (name, attribute, ...inhalt) => {
    const made = IM_BILD.has(name) ? document.createElementNS(SVG, name) : document.createElement(name);
    for (const [key, value] of Object.entries(attribute)) made.setAttribute(key, String(value));
    made.append(...inhalt.filter((part) => part !== ""));
    return made;
  };

  // Numbers. What is computed is computed with whole cents, so that it is exact and rounded once, half up.

  const formate = [0, 1].map(
    (stellen) => new Intl.NumberFormat("de-DE", { minimumFractionDigits: stellen, maximumFractionDigits: stellen }),
  );
  const zahl = (einheiten, stellen = 0) => formate[stellen].format(einheiten / 10 ** stellen).replace("-", "−");
  const zeichen = (value) => typeof value === "string";
  const cent = (value) => Math.round(value * 100);
  const geteilt = (a, b) => Math.sign(a) * Math.floor((2 * Math.abs(a) + b) / (2 * b)) + 0; // no negative zero
  const ganze = (value) => (zeichen(value) ? null : geteilt(cent(value), 100));
  const wert = (value) => (zeichen(value) ? value : value === 0 ? "-" : zahl(ganze(value)));
  const wort = (value) => (zeichen(value) ? GESPROCHEN[value] : zahl(ganze(value)));
  const mitVorzeichen = (einheiten, stellen = 0) => (einheiten > 0 ? "+" : "") + zahl(einheiten, stellen);
  const schlechter = (...values) => ["*", "x"].find((sign) => values.includes(sign)) ?? ".";
  const aenderung = (neu, alt) =>
    zeichen(neu) || zeichen(alt) ? schlechter(neu, alt) : mitVorzeichen(geteilt(cent(neu) - cent(alt), 100));
  const inProzent = (neu, alt) => {
    if (zeichen(neu) || zeichen(alt)) return schlechter(neu, alt);
    return alt === 0 ? "x" : mitVorzeichen(geteilt((cent(neu) - cent(alt)) * 1000, cent(alt)), 1);
  };
  const anteil = (teil, ganzes) => {
    if (zeichen(teil) || zeichen(ganzes)) return schlechter(teil, ganzes);
    if (ganzes === 0) return "x";
    const zehntel = geteilt(cent(teil) * 1000, cent(ganzes));
    return zehntel === 0 ? "-" : zahl(zehntel, 1);
  };

  // Tables

  const feld = (text) => {
    const gesagt = { ...GESPROCHEN, "-": "nichts" }[text];
    if (gesagt === undefined) return [text];
    return [element("span", { "aria-hidden": "true" }, text), element("span", { class: "vorlesen" }, gesagt)];
  };
  const kopf = ([titel, stand]) =>
    element("th", { scope: "col", class: "z" }, titel, stand ? element("span", { class: "stand" }, stand) : "");
  const zeile = ([titel, werte, tiefe]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row", class: `t${tiefe}` }, titel),
      ...werte.map((text) => element("td", { class: "z" }, ...feld(text))),
    );
  const tafel = ({ titel, ecke, spalten, gruppen }) =>
    element(
      "table",
      {},
      element("caption", {}, titel),
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, ecke), ...spalten.map(kopf))),
      ...gruppen.map(([ueber, zeilen]) =>
        element(
          "tbody",
          {},
          ueber
            ? element("tr", {}, element("th", { scope: "rowgroup", colspan: spalten.length + 1 }, ueber))
            : "",
          ...zeilen.map(zeile),
        ),
      ),
    );
  const rahmen = (table) =>
    element("div", { class: "tafel", role: "group", tabindex: "0", "aria-label": table.titel }, tafel(table));

  const reihe = (merkmal, groesse, code) => daten.zellen[merkmal][groesse][code];
  const vergleich = (werte) => {
    const [neu, alt, aelter] = [werte.at(-1), werte.at(-2), werte[0]];
    const mit = (frueher) => [aenderung(neu, frueher), inProzent(neu, frueher)];
    return [wert(neu), wert(alt), wert(aelter), ...mit(alt), ...mit(aelter)];
  };
  const vergleichSpalten = () => [
    ...[monate.at(-1), monate.at(-2), monate[0]].map((monat) => [monat.name, monat.stand]),
    ["gegenüber Vormonat", ""],
    ["in %", ""],
    ["gegenüber Vorjahresmonat", ""],
    ["in %", ""],
  ];

  const eckwerte = (merkmal, code, titel) => ({
    titel: `Eckwerte, ${titel}`,
    ecke: "Größe",
    spalten: vergleichSpalten(),
    gruppen: daten.bloecke
      .map(([ueber, zeilen]) => [
        ueber,
        zeilen
          .filter(([groesse]) => daten.zellen[merkmal][groesse])
          .map(([groesse, tiefe]) => [
            daten.groessen[groesse].name,
            vergleich(reihe(merkmal, groesse, code)),
            tiefe,
          ]),
      ])
      .filter(([, zeilen]) => zeilen.length),
  });

  const struktur = (merkmal, groesse) => {
    const { titel, auspraegungen } = daten.merkmale[merkmal];
    const alle = reihe(INSGESAMT, groesse, INSGESAMT);
    const mitAnteil = (werte) => {
      const [neu, ...rest] = vergleich(werte);
      return [neu, anteil(werte.at(-1), alle.at(-1)), ...rest];
    };
    const [erste, ...spalten] = vergleichSpalten();
    return {
      titel: `${daten.groessen[groesse].name} nach ${titel}`,
      ecke: titel,
      spalten: [erste, ["Anteil in %", ""], ...spalten],
      gruppen: [
        [
          "",
          [
            [`${daten.gebiet} insgesamt`, mitAnteil(alle), 0],
            ...auspraegungen.map(([code, name]) => [name, mitAnteil(reihe(merkmal, groesse, code)), 1]),
          ],
        ],
      ],
    };
  };

  // Charts: whole numbers, as in bilder.py

  const zehntel = (number) => `${Math.floor(number / 10)}.${number % 10}`;
  const svg = (kennung, art, hoehe, titel, gesagt, ...teile) =>
    element(
      "svg",
      {
        viewBox: `0 0 ${BREITE} ${hoehe}`,
        class: art,
        role: "img",
        "aria-labelledby": `${kennung}-t ${kennung}-d`,
      },
      element("title", { id: `${kennung}-t` }, titel),
      element("desc", { id: `${kennung}-d` }, gesagt),
      ...teile,
    );
  const runderSchritt = (mindestens) => {
    let stufe = 1;
    while (stufe * 10 < mindestens) stufe *= 10;
    return [1, 2, 5, 10].map((faktor) => stufe * faktor).find((schritt) => schritt >= mindestens);
  };
  const achse = (tief, hoch, teiler) => {
    if (tief >= 0 && (tief <= hoch - tief || hoch <= 50)) tief = 0;
    const schritt = runderSchritt(Math.max(Math.ceil((hoch - tief) / 4), teiler));
    const unten = Math.floor(tief / schritt) * schritt;
    const oben = Math.max(Math.ceil(hoch / schritt) * schritt, unten + schritt);
    const spanne = oben - unten;
    const y = (value) =>
      UNTEN * 10 - Math.floor(((value - unten) * (UNTEN - OBEN) * 20 + spanne) / (2 * spanne));
    return { unten, oben, schritt, y };
  };
  const xVon = (index, anzahl) => {
    const letzter = Math.max(anzahl - 1, 1);
    return LINKS * 10 + Math.floor((index * (RECHTS - LINKS) * 20 + letzter) / (2 * letzter));
  };

  // What the parts of a line chart share: the values as they are drawn, their places, their text.
  const zeichenbrett = ({ reihen, teiler }) => {
    const punkte = reihen.map(({ werte }) => werte.map(ganze));
    const bekannt = punkte.flat().filter((value) => value !== null);
    const [tief, hoch] = bekannt.length ? [Math.min(...bekannt), Math.max(...bekannt)] : [0, 0];
    const skala = achse(tief, hoch, teiler);
    return {
      punkte,
      leer: bekannt.length === 0,
      skala,
      x: (index) => zehntel(xVon(index, monate.length)),
      y: (value) => zehntel(skala.y(value)),
      text: (value) => zahl(Math.floor((value + Math.floor(teiler / 2)) / teiler)),
    };
  };
  const gitter = ({ skala, y, text }) => {
    const teile = [];
    for (let value = skala.unten; value <= skala.oben; value += skala.schritt) {
      const ort = { x: LINKS - 6, y: zehntel(skala.y(value) + 40), "text-anchor": "end" };
      teile.push(element("line", { class: "gitter", x1: LINKS, x2: RECHTS, y1: y(value), y2: y(value) }));
      teile.push(element("text", ort, text(value)));
    }
    return teile;
  };
  const linie = ({ punkte, x, y }, werte, nummer) => {
    const reihe = punkte[nummer];
    const teile = reihe.map((value, index) => {
      if (value === null) return "";
      return `${index === 0 || reihe[index - 1] === null ? "M" : "L"}${x(index)} ${y(value)}`;
    });
    const marken = reihe.map((value, index) => {
      if (value === null) {
        const ort = { x: x(index), y: UNTEN - 6 - 12 * nummer, "text-anchor": "middle" };
        return element("text", { class: `zeichen l${nummer}`, ...ort }, werte[index]);
      }
      if (monate.length > 13) return "";
      const art = monate[index].endgueltig ? "endgueltig" : "vorlaeufig";
      return element("circle", { class: `punkt l${nummer} ${art}`, cx: x(index), cy: y(value), r: 3 });
    });
    return [element("path", { class: `linie l${nummer}`, d: teile.join("") }), ...marken];
  };
  const letzte = ({ punkte, skala, text }) => {
    const values = punkte.map((reihe) => reihe.at(-1));
    let hoehen = values.map((value) => (value === null ? null : skala.y(value)));
    if (hoehen.length === 2 && !hoehen.includes(null) && Math.abs(hoehen[0] - hoehen[1]) < 140) {
      const mitte = Math.floor((hoehen[0] + hoehen[1]) / 2);
      hoehen = hoehen[0] <= hoehen[1] ? [mitte - 70, mitte + 70] : [mitte + 70, mitte - 70];
    }
    return values.map((value, nummer) => {
      if (value === null) return "";
      const ort = { x: RECHTS + 8, y: zehntel(hoehen[nummer] + 40) };
      return element("text", { class: `letzter l${nummer}`, ...ort }, text(value));
    });
  };
  const monatsachse = ({ x }) =>
    [
      [0, "start"],
      [Math.floor((monate.length - 1) / 2), "middle"],
      [monate.length - 1, "end"],
    ].map(([index, anker]) =>
      element("text", { x: x(index), y: UNTEN + 20, "text-anchor": anker }, monate[index].kurz),
    );
  const legende = (reihen) =>
    reihen.map(({ name }, nummer) => {
      const strich = element("path", { class: `linie l${nummer}`, d: "M0 5L28 5" });
      const muster = { viewBox: "0 0 28 10", class: "muster", "aria-hidden": "true" };
      return element("li", {}, element("svg", muster, strich), name);
    });
  const beschreibung = (reihen) => {
    const [erster, letzter] = [monate[0].name, monate.at(-1).name];
    const gesagt = reihen.map(
      ({ name, werte }) => `${name}: ${erster} ${wort(werte[0])}, ${letzter} ${wort(werte.at(-1))}.`,
    );
    return `Liniendiagramm von ${erster} bis ${letzter}. ${gesagt.join(" ")} Alle Werte stehen in der Tabelle.`;
  };
  const linien = ({ kennung, reihen, teiler }) => {
    const brett = zeichenbrett({ reihen, teiler });
    const zeiger = { class: "zeiger", x1: LINKS, x2: LINKS, y1: OBEN, y2: UNTEN, visibility: "hidden" };
    const teile = [
      ...(brett.leer ? [] : gitter(brett)),
      ...reihen.flatMap(({ werte }, nummer) => linie(brett, werte, nummer)),
      ...letzte(brett),
      ...monatsachse(brett),
      element("line", zeiger),
    ];
    const achsentext = [
      teiler > 1 ? "Zahlen im Diagramm in tausend Euro." : "",
      brett.skala.unten <= 0 && brett.skala.oben >= 0 ? "" : "Die Achse beginnt nicht bei null.",
    ];
    const titel = reihen.map(({ name }) => name).join(" und ");
    return [
      ...(reihen.length > 1 ? [element("ul", { class: "legende" }, ...legende(reihen))] : []),
      svg(kennung, "linien", HOEHE, titel, beschreibung(reihen), ...teile.filter(Boolean)),
      element("p", { class: "achse" }, achsentext.filter(Boolean).join(" ")),
    ];
  };

  const umbruch = (text) => {
    const zeilen = [];
    let zeile = "";
    for (const wortteil of text.split(" ")) {
      let laenger = zeile ? `${zeile} ${wortteil}` : wortteil;
      if (zeile && [...laenger].length > 38) {
        zeilen.push(zeile);
        laenger = wortteil;
      }
      zeile = laenger;
    }
    zeilen.push(zeile);
    const gezeigt = zeilen.length > 3 ? [...zeilen.slice(0, 2), `${zeilen[2]} …`] : zeilen;
    return gezeigt.map((teil) => ([...teil].length <= 40 ? teil : `${[...teil].slice(0, 39).join("")}…`));
  };
  const balkenTeile = (paare, groesster) => {
    const teile = [];
    let oben = 0;
    for (const [name, value] of paare) {
      const zeilen = umbruch(name);
      zeilen.forEach((text, nummer) => teile.push(element("text", { x: 0, y: oben + 13 + 15 * nummer }, text)));
      const ort = { x: BREITE, y: oben + 13, "text-anchor": "end", class: "wert" };
      teile.push(element("text", ort, wert(value)));
      const basis = oben + 18 + 15 * (zeilen.length - 1);
      const lang = groesster
        ? Math.floor(((ganze(value) ?? 0) * BREITE * 20 + groesster) / (2 * groesster))
        : 0;
      teile.push(element("rect", { class: "grund", x: 0, y: basis, width: BREITE, height: 8 }));
      teile.push(element("rect", { class: "wert", x: 0, y: basis, width: zehntel(lang), height: 8 }));
      oben = basis + 18;
    }
    return [teile, Math.max(oben - 4, 1)];
  };
  const balken = (kennung, titel, paare) => {
    const anzahl = paare.length;
    const groesster = Math.max(0, ...paare.map(([, value]) => ganze(value) ?? 0));
    const je = anzahl > 20 ? Math.ceil(anzahl / 6) : anzahl;
    const gemacht = [];
    for (let start = 0; start < anzahl; start += je) {
      const teil = paare.slice(start, start + je);
      const stelle = anzahl > je ? ` (${start + 1} bis ${start + teil.length} von ${anzahl})` : "";
      const gesagt = `Balkendiagramm. ${teil.map(([name, value]) => `${name}: ${wort(value)}`).join("; ")}.`;
      const [teile, hoehe] = balkenTeile(teil, groesster);
      gemacht.push(svg(`${kennung}-${gemacht.length}`, "balken", hoehe, titel + stelle, gesagt, ...teile));
    }
    return gemacht;
  };

  const beides = (bild, table) => [element("div", { class: "grafik" }, ...bild), rahmen(table)];
  const teilerVon = (groessen) => (groessen.some((code) => daten.groessen[code].einheit === "EUR") ? 1000 : 1);
  const bildUndTafel = (bild, groessen, merkmal, code, titel) => {
    const reihen = groessen.map((groesse) => ({
      kurz: daten.groessen[groesse].kurz,
      name: daten.groessen[groesse].legende,
      werte: reihe(merkmal, groesse, code),
    }));
    const zeilen = monate.map((monat, index) => [
      monat.name,
      [...reihen.map(({ werte }) => wert(werte[index])), monat.stand],
      0,
    ]);
    return beides(linien({ kennung: bild.kennung, reihen, teiler: teilerVon(groessen) }), {
      titel: `${bild.titel}, ${titel}`,
      ecke: "Monat",
      spalten: [...reihen.map(({ kurz }) => [kurz, ""]), ["Stand", ""]],
      gruppen: [["", zeilen]],
    });
  };
  const strukturUndTafel = (merkmal, groesse) => {
    const { offen, auspraegungen } = daten.merkmale[merkmal];
    const paare = auspraegungen.map(([code, name]) => [name, reihe(merkmal, groesse, code).at(-1)]);
    const rang = (value) => (zeichen(value) ? [1, 0] : [0, -cent(value)]);
    if (offen) {
      paare.sort(([, a], [, b]) => rang(a)[0] - rang(b)[0] || rang(a)[1] - rang(b)[1]);
    }
    const table = struktur(merkmal, groesse);
    return beides(balken(`struktur-${merkmal}`, `${table.titel}, ${monate.at(-1).name}`, paare), table);
  };

  // What the reader does

  const $ = (id) => document.getElementById(id);
  const inhaltVon = (block) => block.querySelector(".inhalt");

  const ablesen = (block, zeigen) => {
    const regler = block.querySelector("input[type=range]");
    const zeilen = [...block.querySelectorAll("tbody tr")];
    if (!regler || !zeilen.length) return;
    regler.max = zeilen.length - 1;
    const index = Number(regler.value);
    const koepfe = [...block.querySelectorAll("thead th")].slice(1, -1).map((th) => th.textContent);
    const felder = [...zeilen[index].cells].map((td) => (td.querySelector(".vorlesen") ?? td).textContent);
    const werte = koepfe.map((name, nummer) => (koepfe.length > 1 ? `${name} ` : "") + felder[nummer + 1]);
    const text = `${felder[0]}: ${werte.join("; ")} (${felder.at(-1)})`;
    regler.setAttribute("aria-valuetext", text);
    block.querySelector(".ablesung").textContent = text;
    const zeiger = block.querySelector(".zeiger");
    if (zeigen) {
      const x = zehntel(xVon(index, zeilen.length));
      zeiger.setAttribute("x1", x);
      zeiger.setAttribute("x2", x);
      zeiger.setAttribute("visibility", "visible");
    }
  };

  const alsTabelle = (block, ja) => {
    block.classList.toggle("als-tafel", ja);
    block.querySelector(".umschalten").setAttribute("aria-pressed", String(ja));
  };

  // German Excel opens this as a table: UTF-8 with its mark, semicolon, decimal comma. A text that a spreadsheet would
  // take for a formula is made harmless with an apostrophe.
  const csvFeld = (value) => {
    if (typeof value === "number") return String(value).replace(".", ",");
    const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
    return `"${text.replaceAll('"', '""')}"`;
  };
  const herunterladen = (name, auswahl) => {
    const titel = ["Berichtsmonat", "Stand", "Kürzel", "Größe", "Einheit", "Merkmal", "Schlüssel", "Ausprägung"];
    const zeilen = [[...titel, "Wert", "Zeichen", "Datenstand"]];
    for (const [merkmal, groesse, code, index] of auswahl) {
      const { name: groessenname, einheit } = daten.groessen[groesse];
      const wortDer = daten.merkmale[merkmal].auspraegungen.find(([schluessel]) => schluessel === code)[1];
      const value = reihe(merkmal, groesse, code)[index];
      const monat = monate[index];
      zeilen.push([
        ...[monat.code, monat.stand, groesse, groessenname, einheit, daten.merkmale[merkmal].titel, code, wortDer],
        ...(zeichen(value) ? ["", value] : [value, ""]),
        daten.datenstand,
      ]);
    }
    const text = `\uFEFF${zeilen.map((felder) => felder.map(csvFeld).join(";")).join("\r\n")}\r\n`;
    const adresse = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    const verweis = element("a", { href: adresse, download: `${name.replace(/[^\w-]+/g, "_")}.csv` });
    verweis.click();
    setTimeout(() => URL.revokeObjectURL(adresse), 1000);
  };
  const jederMonat = (merkmal, groesse, code) => monate.map((_, index) => [merkmal, groesse, code, index]);

  const bloecke = [...document.querySelectorAll(".block")];
  for (const block of bloecke) {
    block.querySelector(".umschalten").addEventListener("click", () => {
      alsTabelle(block, !block.classList.contains("als-tafel"));
    });
    const regler = block.querySelector("input[type=range]");
    if (regler) {
      regler.addEventListener("input", () => ablesen(block, true));
      inhaltVon(block).addEventListener("pointermove", (event) => {
        const bild = event.target.closest("svg.linien");
        if (!bild) return;
        const { left, width } = bild.getBoundingClientRect();
        const stelle = (((event.clientX - left) / width) * BREITE - LINKS) / (RECHTS - LINKS);
        regler.value = Math.round(stelle * Number(regler.max));
        ablesen(block, true);
      });
      ablesen(block, false);
    }
    const wahl = block.querySelector("select");
    if (wahl) {
      const merkmal = block.dataset.merkmal;
      wahl.addEventListener("change", () => {
        inhaltVon(block).replaceChildren(...strukturUndTafel(merkmal, wahl.value));
        $("meldung-strukturen").textContent = `Gezeigt: ${struktur(merkmal, wahl.value).titel}.`;
      });
      block.querySelector(".csv").addEventListener("click", () => {
        const codes = daten.merkmale[merkmal].auspraegungen.map(([code]) => [merkmal, code]);
        const gezeigt = [0, monate.length - 2, monate.length - 1];
        herunterladen(
          `${monate.at(-1).code}_${wahl.value}_${merkmal}`,
          [[INSGESAMT, INSGESAMT], ...codes].flatMap(([gliederung, code]) =>
            gezeigt.map((index) => [gliederung, wahl.value, code, index]),
          ),
        );
      });
    }
  }

  const filter = $("filter");
  if (filter) {
    const [merkmal, auspraegung] = [$("merkmal"), $("auspraegung")];
    const gewaehlt = () => [merkmal.value, auspraegung.value];
    const titelDer = ([gliederung, code]) => {
      if (gliederung === INSGESAMT) return `${daten.gebiet} insgesamt`;
      const { titel, auspraegungen } = daten.merkmale[gliederung];
      return `${titel}: ${auspraegungen.find(([schluessel]) => schluessel === code)[1]}`;
    };
    const fuellen = () => {
      const { auspraegungen } = daten.merkmale[merkmal.value];
      auspraegung.replaceChildren(...auspraegungen.map(([code, name]) => element("option", { value: code }, name)));
      auspraegung.disabled = merkmal.value === INSGESAMT;
    };
    const zeichnen = () => {
      const [gliederung, code] = gewaehlt();
      const titel = titelDer([gliederung, code]);
      $("gewaehlt").textContent = titel;
      $("eckwerte").replaceChildren(rahmen(eckwerte(gliederung, code, titel)));
      for (const bild of daten.bilder) {
        const block = document.querySelector(`[data-bild="${bild.kennung}"]`);
        const passt = bild.nur === "" || bild.nur === gliederung;
        const groessen = passt ? bild.groessen.filter((groesse) => daten.zellen[gliederung][groesse]) : [];
        block.hidden = groessen.length === 0;
        inhaltVon(block).replaceChildren(
          ...(groessen.length ? bildUndTafel(bild, groessen, gliederung, code, titel) : []),
        );
        ablesen(block, false);
      }
      const werte = Object.values(daten.zellen[gliederung]).map((codes) => codes[code]);
      const geheim = werte.flat().filter((value) => value === "*").length;
      const hinweis = geheim ? ` ${zahl(geheim)} ${geheim === 1 ? "Wert ist" : "Werte sind"} geheim (*).` : "";
      const anzahl = `${werte.length} ${werte.length === 1 ? "Größe" : "Größen"} über ${monate.length} Monate.`;
      $("meldung").textContent = `Gezeigt: ${titel}, ${anzahl}${hinweis}`;
    };
    merkmal.addEventListener("change", () => {
      fuellen();
      zeichnen();
    });
    auspraegung.addEventListener("change", zeichnen);
    $("zuruecksetzen").addEventListener("click", () => {
      merkmal.value = INSGESAMT;
      fuellen();
      zeichnen();
      merkmal.focus();
    });
    $("csv").addEventListener("click", () => {
      const [gliederung, code] = gewaehlt();
      herunterladen(
        `${monate.at(-1).code}_${gliederung}_${code}`,
        Object.keys(daten.zellen[gliederung]).flatMap((groesse) => jederMonat(gliederung, groesse, code)),
      );
    });
    merkmal.value = INSGESAMT; // a browser may remember another choice when it goes back
    fuellen();
  }

  const verlauf = $("csv-verlauf");
  if (verlauf) {
    verlauf.addEventListener("click", () => {
      herunterladen(
        `${monate[0].code}_bis_${monate.at(-1).code}`,
        Object.keys(daten.zellen[INSGESAMT]).flatMap((groesse) => jederMonat(INSGESAMT, groesse, INSGESAMT)),
      );
    });
  }

  const alle = $("alle-tabellen");
  alle.checked = false;
  alle.addEventListener("change", () => bloecke.forEach((block) => alsTabelle(block, alle.checked)));

  // On paper everything is open, afterwards as it was.
  let zu = [];
  addEventListener("beforeprint", () => {
    zu = [...document.querySelectorAll("details:not([open])")];
    zu.forEach((details) => (details.open = true));
  });
  addEventListener("afterprint", () => zu.forEach((details) => (details.open = false)));

  document.documentElement.classList.add("js");
  document.querySelectorAll(".bedienung").forEach((teil) => (teil.hidden = false));
})();
