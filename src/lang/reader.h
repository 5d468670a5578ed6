/*
 * Reading a layer list: one descent over its text, without tokens and without a tree. Every
 * function takes a position in the text and returns the one after what it read, or NULL when there
 * is an error, which is then recorded.
 *
 * The text ends with NUL bytes, 16 at least, so that no look ahead needs a bound. Inside the text
 * there are none.
 */
#ifndef CNN_LANG_READER_H
#define CNN_LANG_READER_H

#include "base/fraction.h"
#include "base/names.h"
#include "lang/words.h"
#include "net/network.h"

/* The value in hand: what the next layer reads. */
typedef struct cnn_tensor {
    cnn_shape shape;
    cnn_node value;
} cnn_tensor;

typedef struct cnn_param {
    cnn_text name;
    const char *standard; /* its default; NULL: none */
} cnn_param;

/* A definition is its text, which each call reads again. */
typedef struct cnn_definition {
    cnn_text name;
    cnn_names names; /* of the parameters, to their indices */
    cnn_param *params;
    int32_t param_count;
    bool is_number; /* a named number, with its `value` */
    cnn_fraction value;
    const char *body;
    const char *end;
} cnn_definition;

typedef struct cnn_frame cnn_frame;

typedef enum cnn_binding_kind { CNN_UNBOUND, CNN_BOUND_NUMBER, CNN_BOUND_LAYERS } cnn_binding_kind;

/* A parameter's value: a number, or layers, which keep the place where they are written (a
 * closure). */
typedef struct cnn_binding {
    cnn_binding_kind kind;
    int32_t nest; /* parentheses around `text` */
    cnn_fraction number;
    const char *text;
    const cnn_frame *frame;
    const cnn_tensor *entry;
} cnn_binding;

/* One call of a definition, or the list itself: values of the parameters, and labels. */
struct cnn_frame {
    const cnn_definition *definition; /* NULL: the list itself */
    const cnn_binding *bindings;      /* NULL: the definition is only being checked */
    cnn_names *labels;                /* to cnn_label */
};

/* A label's value, and the item before it, which reuse(label) reads again. */
typedef struct cnn_label {
    cnn_tensor value;
    cnn_tensor entry; /* c, h, w of the item */
    const char *text; /* of the item, in so many parentheses: */
    int32_t nest;
    cnn_node first, end; /* its layers */
    bool busy;           /* it is being read again */
} cnn_label;

/* Where an item is read. */
typedef struct cnn_place {
    const cnn_frame *frame;
    const cnn_path *path;
    const cnn_tensor *entry; /* what entered the innermost list: c, h, w */
    cnn_node *start;         /* of the branch that begins here */
    int32_t number;          /* of the repetition, when the item is repeated; else 0 */
    bool head;               /* a branch begins here: a tap is allowed, which sets *start */
    bool aux;
    bool frozen;
    bool top; /* at the top level of the list, perhaps inside labels and counts */
} cnn_place;

typedef struct cnn_reader {
    const char *begin;
    cnn_arena *arena;
    cnn_error *err;
    cnn_builder *to;
    const cnn_settings *settings;
    cnn_tensor input; /* the first one */
    cnn_names inputs; /* those with names, to cnn_tensor */
    cnn_tensor at;
    cnn_names definitions;          /* to cnn_definition; those of numbers have the number 1 */
    cnn_names macros;               /* the same for layers that are lists, by their names */
    const cnn_definition *defining; /* whose body is being checked; NULL: none */
    const char *from;               /* the item at the top level, or the plain layer, being read */
    const char *closed;             /* up to here every "(" of a group has its ")" */
    cnn_item *item;                 /* at the top level; NULL: a bare layer */
    const char *unit;               /* where that item begins, after its labels */
    int64_t steps;
    int64_t reread;        /* bytes */
    uint32_t defines_used; /* one bit for each of the first 32 */
    int32_t axes;          /* of the input; 0: not known yet */
    int32_t nest;          /* parentheses, labels and counts around the position, in the text */
    int32_t depth;         /* the same and calls, of what is being done */
    int32_t lasting;       /* labels given and macros read so far, whose memory is kept */
    int32_t dry;           /* above 0: only syntax and names are checked, nothing is done */
    int32_t trial;         /* above 0: most errors are not recorded: something else is tried next */
    bool checked;          /* this text was read before, so that its syntax is right */
    bool named;            /* the text may have labels or definitions */
    cnn_node shared;       /* reading an item again: its next layer shares this one's weights, */
    cnn_node shared_end;   /* up to here; 0: it does not */
    cnn_span reuse;        /* of reuse(label), the place of what is read again */
    bool wants_layers;     /* an outline cannot tell: the network has to be kept */
    bool built_in;         /* reading the list of a macro layer, whose call is `call` */
    cnn_span call;
} cnn_reader;

/* ---- looks ---- */

extern const bool cnn_name_signs[256]; /* letters, digits and "_" */

static inline bool cnn_in_name(char c)
{
    return cnn_name_signs[(unsigned char)c];
}

static inline bool cnn_in_label(char c)
{
    return cnn_in_name(c) || c == '.';
}

/* Whether the name means what enters: the channels, the height or the width. */
static inline bool cnn_is_entry(cnn_text name)
{
    const char c = name.size == 1 ? cnn_fold(*name.data) : '\0';
    return c == 'c' || c == 'h' || c == 'w';
}

static inline bool cnn_is_input(cnn_text name)
{
    return name.size == 5 && cnn_text_is(name, "input");
}

/* Whether nothing more of an item can follow: a break, the end of a branch, or of the text. */
static inline bool cnn_ends_item(char c)
{
    static const bool table[256] = {[','] = true, ['\0'] = true, [')'] = true, ['|'] = true,
                                    [';'] = true, ['\n'] = true, ['\r'] = true};
    return table[(unsigned char)c];
}

/* After blanks, tabs and comments; with `lines` after line ends too. */
const char *cnn_skip_all(const char *p, bool lines);

static inline const char *cnn_skip(const char *p, bool lines)
{
    return *p > '#' ? p : cnn_skip_all(p, lines); /* nearly always a letter, digit or bracket */
}

/* Views of what is at the position, empty when it is something else. */
cnn_text cnn_see_letters(const char *p);
cnn_text cnn_see_label(const char *p); /* letters, digits, "_", "." */
cnn_text cnn_see_thing(const char *p); /* a word, number or single character, for messages */

/* Letters, digits, "_"; no digit first. */
static inline cnn_text cnn_see_name(const char *p)
{
    const char *q = p;
    while (cnn_in_name(*q) && !cnn_is_digit(*p)) {
        q++;
    }
    return (cnn_text){p, (size_t)(q - p)};
}

/* The bytes of "x" or of the multiplication sign at the position; 0: neither. */
static inline size_t cnn_see_times(const char *p)
{
    return *p == 'x' || *p == 'X' ? 1 : *p == '\xC3' && p[1] == '\x97' ? 2 : 0; /* U+00D7 */
}

/* The ")" that closes the "(" at `open`, and the number of "|" directly inside. NULL: there is
 * none, or too many are open; then *deep is the first that is too deep, or NULL. */
const char *cnn_see_close(const char *open, int32_t *bars, const char **deep);

/* The next ")" or `other` ("," after an argument, "|" after a branch) outside parentheses. */
const char *cnn_see_end(const char *p, char other);

/* Whether a definition begins here. */
bool cnn_see_definition(const char *p);

/* ---- spans and errors ---- */

static inline cnn_span cnn_span_at(const cnn_reader *r, const char *from, const char *to)
{
    if (r->built_in) {
        return r->call;
    }
    return (cnn_span){(uint32_t)(from - r->begin), (uint32_t)(to - r->begin)};
}

/* From `from` to `to`, without blanks at its end. */
static inline cnn_span cnn_span_trimmed(const cnn_reader *r, const char *from, const char *to)
{
    while (to > from && (to[-1] == ' ' || to[-1] == '\t')) {
        to--;
    }
    return cnn_span_at(r, from, to);
}

/* What is between two positions. */
static inline cnn_text cnn_between(const char *from, const char *to)
{
    return (cnn_text){from, (size_t)(to - from)};
}

static inline cnn_span cnn_span_of(const cnn_reader *r, cnn_text text)
{
    return cnn_span_at(r, text.data, text.data + text.size);
}

/* All return NULL. Spans in a macro's list mean nothing to the user; the call replaces them. */
CNN_COLD const char *cnn_stop(cnn_reader *r, int32_t code, cnn_span span);
CNN_COLD const char *cnn_stop_words(cnn_reader *r, int32_t code, cnn_span span, cnn_text a,
                                    cnn_text b);
CNN_COLD const char *cnn_stop_numbers(cnn_reader *r, int32_t code, cnn_span span, int64_t n0,
                                      int64_t n1);
CNN_COLD const char *cnn_stop_memory(cnn_reader *r);
CNN_COLD const char *cnn_stop_unexpected(cnn_reader *r, const char *p, const char *wanted);

/* The errors of an unknown word, and of something that follows an item without a break. */
CNN_COLD const char *cnn_stop_word(cnn_reader *r, const char *p);
CNN_COLD const char *cnn_stop_break(cnn_reader *r, const char *p);

/* Why a name is not free for a definition or parameter; NULL: it is. */
const char *cnn_name_taken(cnn_text name);

/* The errors of these limits, at `place`. */
CNN_COLD bool cnn_stop_limit(cnn_reader *r, int32_t code, cnn_text place, int64_t limit);

/* One more level of nesting in the text; false with an error at `place`. */
static inline bool cnn_nest(cnn_reader *r, cnn_text place)
{
    if (r->nest >= CNN_MAX_NESTING) {
        return cnn_stop_limit(r, CNN_E_NESTING, place, CNN_MAX_NESTING);
    }
    r->nest++;
    return true;
}

/* One level deeper in what is done. */
static inline bool cnn_enter(cnn_reader *r, cnn_text place)
{
    if (++r->steps > CNN_MAX_STEPS) {
        return cnn_stop_limit(r, CNN_E_STEPS_LIMIT, place, CNN_MAX_STEPS);
    }
    if (r->depth >= CNN_MAX_NESTING) {
        return cnn_stop_limit(r, CNN_E_NESTING, place, CNN_MAX_NESTING);
    }
    r->depth++;
    return true;
}

/* Counts bytes that are about to be read again. */
static inline bool cnn_read_again(cnn_reader *r, int64_t bytes, cnn_text place)
{
    r->reread += bytes;
    return r->reread <= CNN_MAX_REREAD ||
           cnn_stop_limit(r, CNN_E_REREAD_LIMIT, place, CNN_MAX_REREAD);
}

/* ---- breaks ---- */

/* Commas, line ends and ";" between items; two commas are an error. */
const char *cnn_read_breaks(cnn_reader *r, const char *p, bool *found, bool *comma);

/* What may come before the first item of a list or a branch. */
const char *cnn_read_begin(cnn_reader *r, const char *p);

/* The break after an item, `inside` parentheses or at the top of the list. */
const char *cnn_read_break(cnn_reader *r, const char *p, bool inside);

/* ---- numbers ---- */

/* A number while it is read. What is wrong with it becomes an error only when it is used; so does a
 * fraction where a whole number is needed. */
typedef struct cnn_computed {
    cnn_fraction n;
    int32_t code;               /* CNN_OK, or what is wrong, at `place`, */
    cnn_span place;             /* which is that of a fraction or of a name, too */
    int64_t a, b;               /* with these numbers; of a fraction: the division that made it */
    cnn_text word;              /* and this word, which is there when something is wrong */
    int32_t param;              /* the index of a lone parameter; else -1 */
    const cnn_definition *list; /* a name means this list, not a number; NULL: it does not */
    bool loose;                 /* it depends on a parameter, on c, h, w, or "?" at `loose_at` */
    cnn_span loose_at;
} cnn_computed;

/* The number, which has to be whole, in *out. False: something is wrong with it, as it tells then.
 */
bool cnn_computed_whole(cnn_computed *number, int64_t *out);

/* A decimal such as 0.75, or whole digits. NULL: an error; the position itself: no digits. */
const char *cnn_read_decimal(cnn_reader *r, const char *p, cnn_fraction *out);

/* A function of expressions: of one number, or of two and then of the result and each further one.
 * False: the result does not fit. */
typedef struct cnn_number_function {
    const char *name;
    bool (*of_one)(cnn_fraction a, cnn_fraction *out);
    bool (*of_two)(cnn_fraction a, cnn_fraction b, cnn_fraction *out);
} cnn_number_function;

/* The function of a name, which is not empty: floor, min, to8. NULL: there is none. */
const cnn_number_function *cnn_number_function_find(cnn_text name);

/* Records what is wrong with it. */
CNN_COLD const char *cnn_stop_computed(cnn_reader *r, const cnn_computed *number);

/* INT. The position itself when there are no digits; NULL with an error when it does not fit. */
const char *cnn_read_int(cnn_reader *r, const char *p, int64_t *out);

/* Whether "1d", "2d" or "3d" follows a word, as in PyTorch's names. */
static inline bool cnn_names_axes(const char *p)
{
    return *p >= '1' && *p <= '3' && (p[1] == 'd' || p[1] == 'D');
}

/* Whether a number may go on with this: "x" and another one, a fraction, or blanks before them. */
static inline bool cnn_may_go_on(char c)
{
    static const bool table[256] = {['x'] = true,  ['X'] = true, [0xC3] = true, [' '] = true,
                                    ['\t'] = true, ['#'] = true, ['.'] = true,  ['+'] = true};
    return table[(unsigned char)c];
}

/* Digits, as many as there are; the number wraps around when there are too many. */
static inline const char *cnn_read_digits(const char *p, int64_t *out)
{
    uint64_t n = 0;
    for (uint64_t digit; (digit = (uint64_t)(unsigned char)*p - '0') <= 9; p++) {
        n = n * 10 + digit;
    }
    *out = (int64_t)n;
    return p;
}

/* One to nine digits that nothing more of a size follows: the position after them. NULL: it is
 * something else. */
static inline const char *cnn_read_plain_int(const char *p, int64_t *out)
{
    const char *end = cnn_read_digits(p, out);
    return cnn_may_go_on(*end == ' ' ? end[1] : *end) || (size_t)(end - p - 1) >= 9 ? NULL : end;
}

/* An expression of numbers, names of numbers, c, h, w, + - * / and parentheses. */
const char *cnn_read_expr(cnn_reader *r, const cnn_place *at, const char *p, cnn_computed *out);

/* INT, "?" or "(" expression ")". *literal: it is an INT. */
const char *cnn_read_number(cnn_reader *r, const cnn_place *at, const char *p, cnn_computed *out,
                            bool *literal);

/* A name that means a number: a parameter, c, h, w, or a named number. Otherwise out->list tells
 * whether it is that of a definition. */
typedef enum cnn_name_kind { CNN_NO_NUMBER, CNN_PARAM, CNN_ENTRY, CNN_NAMED } cnn_name_kind;
cnn_name_kind cnn_see_number(cnn_reader *r, const cnn_place *at, cnn_text name, cnn_computed *out);

/* The error of a name that means no number. */
CNN_COLD const char *cnn_stop_number(cnn_reader *r, const cnn_place *at, cnn_text name);

/* ---- layers ---- */

/* What a layer's text gives. */
typedef struct cnn_layer_text {
    cnn_attrs attrs;
    cnn_text label; /* resize@label; empty: none */
} cnn_layer_text;

/* The size, channels and attributes after a layer's word, which begins at `from`. */
const char *cnn_read_layer(cnn_reader *r, const cnn_place *at, const cnn_word *word,
                           const char *from, const char *p, cnn_layer_text *out);

/* The longest layer word at the position: relu6 before relu, soft-max before a layer "soft". *end
 * is the position after it. NULL, without an error: there is none. */
const cnn_word *cnn_see_word(cnn_reader *r, const cnn_place *at, const char *p, const char **end);

/*
 * The shortcut for the plain layers of an outline, as many as follow each other: a word, digits,
 * attributes of one letter, and a comma and a letter after each. Returns the position of the first
 * item that is not that plain; or, when *read, the position after a layer that no such break
 * follows. NULL: the layer at r->from fails.
 */
const char *cnn_read_plain(cnn_reader *r, cnn_place *at, const char *p, bool *read);

/* ---- the input ---- */

typedef struct cnn_input_text {
    struct cnn_input_text *next;
    cnn_text name; /* empty: it has none, which only the first one may */
    cnn_shape shape;
    cnn_span span;
    bool given;
} cnn_input_text;

/* "input", perhaps a name, and a size, as often as the list begins with that. *out is the first. */
const char *cnn_read_input_lines(cnn_reader *r, const char *p, cnn_input_text *out);

/* Whether a text names an input, as in "left=3x32x32"; *name is the name, and *size the rest. */
bool cnn_split_input(cnn_text text, cnn_text *name, cnn_text *size);

/* The size as a whole text. */
const char *cnn_read_input(cnn_reader *r, const char *p, cnn_input_text *out);

/* A copy of `text` with the zeros at its end that a reader needs; NULL: no memory. */
const char *cnn_copy_text(cnn_arena *arena, cnn_text text);

/* A copy of a text that is checked, which comes before anything is read. *named: there may be one
 * of : ; < = > ? in it. NULL: an error, which is recorded. */
const char *cnn_copy_checked(cnn_arena *arena, cnn_text text, bool *named, cnn_error *err);

#endif
