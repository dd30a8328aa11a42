-- Arithmetic of dates that every later file uses. Source: Quellvertrag 1.0, rule 0.

-- The day on which the n-th year of life is completed and the new age begins (born on 29 February: 1 March otherwise).
CREATE MACRO geburtstag(geburtsdatum, n) AS
    (make_date(year(geburtsdatum) + n, month(geburtsdatum), 1) + (day(geburtsdatum) - 1)::INTEGER);

-- Completed years of life on a day.
CREATE MACRO lebensalter(geburtsdatum, tag) AS
    (year(tag) - year(geburtsdatum) - (geburtstag(geburtsdatum, year(tag) - year(geburtsdatum)) > tag)::INTEGER);

-- First day of the month after the one in which an age of so many months is completed. An age is completed at the end
-- of the day before the birthday, so whoever is born on the 1st completes it in the month before.
CREATE MACRO monat_nach_vollendung(geburtsdatum, monate) AS
    (date_trunc('month', geburtsdatum - 1) + to_months((monate + 1)::INTEGER))::DATE;

-- A number of the counting rules as valid on a day.
CREATE MACRO zaehlregel(regel, tag) AS
    (SELECT p.wert::INTEGER FROM par_zaehlregel AS p WHERE p.name = regel AND tag BETWEEN p.gueltig_ab AND p.gueltig_bis);
