/* From text to syntax tree. */
#ifndef CNN_LANG_PARSE_H
#define CNN_LANG_PARSE_H

#include "lang/scan.h"

/* A list up to its first item: its input, if it says one. */
bool cnn_parse_begin(cnn_parser *ps, cnn_program *out);

/* What may stand before the first item of a list or a branch. */
bool cnn_parse_branch_blanks(cnn_parser *ps);

/* Mostly there is a blank at most, and then a letter. */
static inline bool cnn_parse_branch_begin(cnn_parser *ps)
{
    const char *p = ps->p;
    p += p < ps->end && *p == ' ' ? 1 : 0;
    if (p < ps->end && cnn_is_letter(*p)) {
        ps->p = p;
        return true;
    }
    return cnn_parse_branch_blanks(ps);
}

/* Any item; at the top of a list also a definition, which is kept and gives NULL. */
bool cnn_parse_any(cnn_parser *ps, bool top, cnn_node **out);

/* The breaks behind an item, `inside` parentheses or at the top of the list. */
bool cnn_parse_break(cnn_parser *ps, bool inside);

/* Mostly it is a comma at `p`, and a letter begins the next item. NULL: it is something else. */
static inline const char *cnn_behind_comma(const char *p, const char *end)
{
    if (end - p > 2 && p[0] == ',') {
        p += p[1] == ' ' ? 2 : 1;
        return cnn_is_letter(*p) ? p : NULL;
    }
    return NULL;
}

/* A branch that began at `from`, with "(" or "|", has no items. */
bool cnn_fail_empty_branch(cnn_parser *ps, const char *from);

/* "224", "3x224x224", "28 gray", "vector 784": at the position. */
bool cnn_parse_dims(cnn_parser *ps, cnn_program *out);

/* "input" and its size, if the list begins with that. */
bool cnn_parse_input_line(cnn_parser *ps, cnn_program *out);

/* The size as a whole text of its own. */
bool cnn_parse_input(cnn_parser *ps, cnn_program *out);

/* Items inside parentheses, up to a ")" or "|". */
bool cnn_parse_branch(cnn_parser *ps, const cnn_node **out);

bool cnn_parse_item(cnn_parser *ps, cnn_node **out);

/* A node that begins at the position; NULL with an error when there is no memory. */
cnn_node *cnn_node_new(cnn_parser *ps, cnn_node_kind kind);

/* The rest of an item by what it begins with: a number, a "(", a word, a join's word (already
 * read), or the name of a number that is a count. */
bool cnn_parse_counted(cnn_parser *ps, cnn_node *node);
bool cnn_parse_group(cnn_parser *ps, cnn_node *node);
bool cnn_parse_word(cnn_parser *ps, cnn_node *node);
bool cnn_parse_join(cnn_parser *ps, const cnn_op *op, cnn_node *node);
bool cnn_parse_named_count(cnn_parser *ps, cnn_text name, const cnn_term *term, cnn_node *node);

/* Whether the first character from `q` on that is no blank is `c`. */
bool cnn_is_behind(const cnn_parser *ps, const char *q, char c);

/* The size, channels and attributes of a layer whose word has been read. */
bool cnn_parse_layer(cnn_parser *ps, const cnn_word *word, cnn_node *node);

/* Whether a definition begins here; it is then read by the next function. */
bool cnn_see_definition(const cnn_parser *ps);
bool cnn_parse_definition(cnn_parser *ps);

/* A built-in list such as that of se, as a definition. */
const cnn_definition *cnn_parse_macro(cnn_parser *ps, const cnn_op *op);

/* A call's values between parentheses, or none. */
bool cnn_parse_args(cnn_parser *ps, const cnn_definition *definition, cnn_node *call);
bool cnn_parse_arg_value(cnn_parser *ps, cnn_arg *arg);

/* An expression at the position. Its names are parameters, named numbers and c, h, w. */
bool cnn_parse_expr(cnn_parser *ps, const cnn_expr **out);

/* INT, "?" or "(" expression ")". */
bool cnn_parse_number(cnn_parser *ps, cnn_number *out);

/* Digits, perhaps with a point and digits behind it, as billionths; 2 for whatever is above. */
bool cnn_read_decimal(cnn_parser *ps, int64_t *out);

/* "0." and ".5" lack their digits. */
bool cnn_fail_decimal(cnn_parser *ps, const char *from);

/* A name that stands for a number: a parameter, a named number, or c, h, w. */
bool cnn_see_number_name(const cnn_parser *ps, cnn_text name, cnn_term *out);

/* The value of an expression that has no parameters and no c, h, w. */
bool cnn_expr_constant(const cnn_expr *expr, int64_t *out, cnn_error *err);

/* An expression of one term. */
const cnn_expr *cnn_expr_of(cnn_parser *ps, const cnn_term *term);

#endif
