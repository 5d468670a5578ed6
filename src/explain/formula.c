/*
 * Writes the formula of a step. The formulas are ours, so there are no errors to expect; the walk
 * is that of any small expression, term by term, because TeX wants to know of a fraction before its
 * numerator begins.
 */
#include "explain/formula.h"

#include <string.h>

#include "base/text.h"
#include "report/report.h"

typedef struct writer {
    cnn_out *out;
    const cnn_step *step;
    cnn_formula_form form;
    const char *p; /* what is written next */
} writer;

static bool is_name(const char *p)
{
    return cnn_is_letter(*p);
}

static size_t name_size(const char *p)
{
    size_t size = 0;
    while (cnn_is_letter(p[size])) {
        size++;
    }
    return size;
}

/* floor( and ceil( are the only names with a bracket after them. */
static bool is_function(const char *p)
{
    return is_name(p) && p[name_size(p)] == '(';
}

/* The number of the name at `name`, counted by first appearance. */
static size_t number_of(const char *formula, const char *name)
{
    const char *seen[CNN_STEP_NUMBERS];
    size_t count = 0;
    for (const char *p = formula;; p += is_name(p) ? name_size(p) : 1) {
        if (!is_name(p) || is_function(p)) {
            continue;
        }
        size_t i = 0;
        while (i < count &&
               (name_size(seen[i]) != name_size(p) || memcmp(seen[i], p, name_size(p)) != 0)) {
            i++;
        }
        if (p == name) {
            return i;
        }
        if (i == count) {
            seen[count++] = p;
        }
    }
}

static void put_value(const writer *w, size_t number)
{
    const int64_t value = w->step->value[number];
    const int64_t over = w->step->over[number] == 0 ? 1 : w->step->over[number];
    const bool brackets = value < 0 || over != 1;
    cnn_out_string(w->out, !brackets ? "" : w->form.tex ? "\\left(" : "(");
    if (over == 1) {
        cnn_out_int(w->out, value);
    } else if (w->form.tex) {
        cnn_out_string(w->out, value < 0 ? "-\\frac{" : "\\frac{");
        cnn_out_int(w->out, value < 0 ? -value : value);
        cnn_out_string(w->out, "}{");
        cnn_out_int(w->out, over);
        cnn_out_char(w->out, '}');
    } else {
        cnn_out_int(w->out, value);
        cnn_out_char(w->out, '/');
        cnn_out_int(w->out, over);
    }
    cnn_out_string(w->out, !brackets ? "" : w->form.tex ? "\\right)" : ")");
}

static void put_name(const writer *w, cnn_text name)
{
    const char *foot = name.data + 1;
    const bool index = w->form.index > 0, tex = w->form.tex;
    char first = name.data[0];
    first = first == 'k' && w->step->dilated ? 'e' : first;
    first = first == 'W' && w->form.side != 0 ? w->form.side : first;
    cnn_out_char(w->out, first);
    if (name.size > 1) {
        cnn_out_string(w->out, tex ? "_{" : "");
        cnn_out_bytes(w->out, foot, name.size - 1);
        cnn_out_string(w->out, tex ? "}" : "");
    }
    if (index) {
        cnn_out_string(w->out, tex ? "_{" : "");
        cnn_out_int(w->out, w->form.index);
        cnn_out_string(w->out, tex ? "}" : "");
    }
}

static void put_sum(writer *w);

/* The brackets of a numerator or denominator fall away: the fraction's bar does their work. */
static void put_factor(writer *w, bool bare)
{
    const bool tex = w->form.tex;
    if (*w->p == '(') {
        w->p++;
        cnn_out_string(w->out, bare ? "" : tex ? "\\left(" : "(");
        put_sum(w);
        cnn_out_string(w->out, bare ? "" : tex ? "\\right)" : ")");
        w->p++;
    } else if (is_function(w->p)) {
        const cnn_text name = {w->p, name_size(w->p)};
        cnn_out_string(w->out, tex ? "\\left\\l" : "");
        cnn_out_text(w->out, name);
        cnn_out_string(w->out, tex ? " " : "(");
        w->p += name.size + 1;
        put_sum(w);
        cnn_out_string(w->out, tex ? " \\right\\r" : ")");
        if (tex) {
            cnn_out_text(w->out, name);
        }
        w->p++;
    } else if (is_name(w->p)) {
        const cnn_text name = {w->p, name_size(w->p)};
        if (w->form.numbers) {
            put_value(w, number_of(w->step->formula, w->p));
        } else {
            put_name(w, name);
        }
        w->p += name.size;
    } else {
        cnn_out_char(w->out, *w->p++); /* our numbers have one digit */
    }
}

/* Whether a division follows the factor at w->p. */
static bool divides(const writer *w)
{
    const char *p = w->p;
    int32_t depth = 0;
    do {
        depth += (*p == '(') - (*p == ')');
        p += is_name(p) ? name_size(p) : 1;
    } while (depth > 0 || *p == '(');
    return *p == '/';
}

static void put_product(writer *w)
{
    for (;;) {
        const bool fraction = w->form.tex && divides(w);
        cnn_out_string(w->out, fraction ? "\\frac{" : "");
        put_factor(w, fraction);
        if (*w->p == '/') {
            w->p++;
            cnn_out_string(w->out, fraction ? "}{" : "/");
            put_factor(w, fraction);
            cnn_out_string(w->out, fraction ? "}" : "");
        }
        if (*w->p != '*') {
            return;
        }
        w->p++;
        cnn_out_string(w->out, w->form.tex ? " \\cdot " : "*");
    }
}

static void put_sum(writer *w)
{
    put_product(w);
    while (*w->p == ' ') {
        cnn_out_bytes(w->out, w->p, 3); /* " + " or " - " */
        w->p += 3;
        put_product(w);
    }
}

void cnn_out_formula(cnn_out *out, const cnn_step *step, cnn_formula_form form)
{
    writer w = {out, step, form, step->formula};
    put_sum(&w);
}

/* Groups of three; TeX would put a space after a plain comma. */
static void put_grouped(cnn_out *out, int64_t n, bool tex)
{
    if (n > -1000 && n < 1000) {
        cnn_out_int(out, n);
        return;
    }
    put_grouped(out, n / 1000, tex);
    cnn_out_string(out, tex ? "{,}" : ",");
    int64_t rest = n % 1000;
    rest = rest < 0 ? -rest : rest;
    cnn_out_string(out, rest < 10 ? "00" : rest < 100 ? "0" : "");
    cnn_out_int(out, rest);
}

void cnn_out_number(cnn_out *out, int64_t num, int64_t den, bool tex)
{
    if (den == 0 || den == 1) {
        put_grouped(out, num, tex);
    } else {
        cnn_fraction_put(out, (cnn_fraction){num, den});
    }
}
