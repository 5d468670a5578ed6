/*
 * The descent: items, calls and definitions contain each other, so their readers call each other.
 * This is what each of the files shows the others; see reader.h for how they read.
 */
#ifndef CNN_LANG_DESCENT_H
#define CNN_LANG_DESCENT_H

#include "lang/reader.h"

/* ---- items: read.c ---- */

/* One item, with its labels and counts. */
const char *cnn_read_item(cnn_reader *r, const cnn_place *at, const char *p);

/* *path becomes one step longer. An outline has no paths. */
bool cnn_extend(cnn_reader *r, const cnn_path **path, cnn_text name, int32_t number,
                int32_t branch);

/* The item at the top level is more than a bare layer: it gets an entry, unless it has one. */
bool cnn_open_kept(cnn_reader *r, cnn_text label, bool composite);

/* The same for any item; only those at the top level of what is kept have entries. */
static inline bool cnn_open_item(cnn_reader *r, const cnn_place *at, cnn_text label, bool composite)
{
    return !at->top || r->dry > 0 || r->to->outline || cnn_open_kept(r, label, composite);
}

/* Plain layers, see cnn_read_plain; only an outline has a shortcut for them. */
static inline const char *cnn_read_plain_layers(cnn_reader *r, cnn_place *at, const char *p,
                                                bool *read)
{
    *read = false;
    return cnn_is_letter(*p) && r->to->outline && r->dry == 0 ? cnn_read_plain(r, at, p, read) : p;
}

/* The break after an item. Nearly always it is a comma or ";", a blank at most, and then a letter;
 * or the list ends. */
static inline const char *cnn_read_comma(cnn_reader *r, const char *p, bool inside)
{
    const char *next = p[1] == ' ' ? p + 2 : p + 1;
    if (*p == '\0' || (inside && *p == ')')) {
        return p;
    }
    if (CNN_LIKELY((*p == ',' || *p == ';') && cnn_is_letter(*next))) {
        return next;
    }
    return inside && *p == ' ' && p[1] == '|' ? p + 1 : cnn_read_break(r, p, inside);
}

/* ---- calls: calls.c ---- */

/* A value: a number when it reads as one up to "," or ")" with names of numbers only; otherwise
 * layers. A lone parameter passes on what it holds. *text is what it is written as. */
const char *cnn_bind_value(cnn_reader *r, const cnn_place *at, const char *p, cnn_binding *out,
                           cnn_text *text);

/* item { "," item }, up to a line end outside parentheses that no comma precedes. */
const char *cnn_read_body(cnn_reader *r, cnn_place *at, const cnn_definition *d, const char *p);

/* Reads the definition's text with these values. `text` is the call. */
bool cnn_expand(cnn_reader *r, const cnn_place *at, const cnn_definition *d, cnn_binding *bindings,
                cnn_text text);

/* A call of the definition whose name begins at `from` and ends at `p`. */
const char *cnn_read_call(cnn_reader *r, const cnn_place *at, const cnn_definition *d,
                          const char *from, const char *p);

/* A parameter that holds layers: they are read here, but with the names, labels and sizes of where
 * they were written. */
const char *cnn_read_param(cnn_reader *r, const cnn_place *at, int32_t index, const char *from,
                           const char *p);

/* ---- definitions: definition.c ---- */

/* NAME [ "(" params ")" ] "=" body, for all that follows. */
const char *cnn_define(cnn_reader *r, const cnn_place *at, const char *p);

/* A layer that is short for a list: a call with its channels and its bias as numbers. */
CNN_APART bool cnn_add_macro(cnn_reader *r, const cnn_place *at, const cnn_op *op,
                             const cnn_attrs *attrs, cnn_span span);

#endif
