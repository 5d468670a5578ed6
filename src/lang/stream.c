/* Reading straight into the network. */
#include "lang/stream.h"

#include "base/arena.h"
#include "lang/plain.h"

/* The breaks behind an item that ends at `end`. */
static inline bool stream_break(cnn_parser *ps, const char *end, const cnn_place *at)
{
    const char *next = cnn_behind_comma(end, ps->end);
    ps->p = next != NULL ? next : end;
    return next != NULL || end == ps->end || cnn_parse_break(ps, at->start != NULL);
}

/*
 * Layers of an outline that are in the memo and do what is known of them, and the breaks behind
 * each. What comes behind them is seen: `other`. Of many lists most of the text is read here: the
 * loop holds little, and where the next item begins it knows long before it knows what this one is.
 */
static bool stream_known(cnn_parser *ps, cnn_builder *to, const cnn_place *at, int32_t *value,
                         cnn_plain *other)
{
    const char *const end = ps->end;
    while (cnn_is_letter(cnn_peek(ps)) || cnn_is_digit(cnn_peek(ps))) {
        const char *p = ps->p, *comma;
        do {
            const cnn_item_key key = cnn_item_key_of(ps->begin, p, end);
            const cnn_memo_slot *slot = cnn_memo_find(ps->memo, &key);
            const cnn_kept *kept = slot->kept;
            if (CNN_LIKELY(kept != NULL)) {
                comma = p + key.size - 1;
                if (!CNN_LIKELY(cnn_network_pass_layer(to, slot->idle, &kept->attrs, value))) {
                    ps->p = p;
                    *other = cnn_plain_kept(kept, p, comma);
                    return true;
                }
            } else {
                ps->p = p;
                if (!cnn_phrase_pass(ps, &ps->memo->phrases, to, value)) {
                    return cnn_plain_read(ps, &key, other);
                }
                comma = ps->p;
            }
            p = cnn_behind_comma(comma, end);
        } while (CNN_LIKELY(p != NULL));
        if (!stream_break(ps, comma, at)) {
            return false;
        }
    }
    *other = (cnn_plain){0};
    return true;
}

/*
 * Plain layers, and the breaks behind each; or there is something else at the position, which is
 * left in `other`.
 */
static CNN_FLAT bool stream_plain(cnn_parser *ps, cnn_expander *x, cnn_place *at, int32_t *value,
                                  cnn_plain *other)
{
    cnn_builder *const to = x->to;
    const bool passing = cnn_may_pass(x, at);
    for (;;) {
        if (!(passing ? stream_known(ps, to, at, value, other) : cnn_plain_see(ps, other))) {
            return false;
        }
        if (other->attrs == NULL) {
            return true;
        }
        const cnn_span span = {(uint32_t)(ps->p - ps->begin), (uint32_t)(other->end - ps->begin)};
        cnn_layer *layer = cnn_expand_next(x, other->op, other->attrs, span, at, *value);
        if (layer == NULL || !stream_break(ps, other->behind, at)) {
            return false;
        }
        cnn_effect *effect = other->lasts ? cnn_network_effect(to, other->attrs, *value) : NULL;
        if (!cnn_network_add(to, layer, effect, value)) {
            return false;
        }
    }
}

/* ---- joins ---- */

/* A join's text: its word, the whole of it, and where its branches begin. */
typedef struct join_text {
    const cnn_op *op;
    cnn_span span;
    const char *open;
    int32_t branches;
} join_text;

/* Deeper joins are left to the tree, for each join that is streamed is looked through first; those
 * of more branches too, for memory is taken for all branches before it is known what they hold. */
enum { STREAMED_NESTING = 8, STREAMED_BRANCHES = 1000 };

/* Whether a whole join of the right number of branches begins here. A split is left to the tree. */
static bool see_join(const cnn_parser *ps, const cnn_plain *word, join_text *out)
{
    const cnn_op *op = word->op;
    if (op == NULL || ps->depth >= STREAMED_NESTING || word->behind == ps->end ||
        *word->behind != '(') {
        return false;
    }
    const bool aux = op->form == CNN_FORM_AUX;
    if ((op->form != CNN_FORM_JOIN && !aux) || op->splits) {
        return false;
    }
    int32_t bars;
    const char *close = cnn_see_branches(ps, word->behind, &bars);
    /* Behind a definition's parameters there is a "=". */
    if (close == NULL || (bars > 0) == aux || bars >= STREAMED_BRANCHES ||
        cnn_is_behind(ps, close + 1, '=')) {
        return false;
    }
    const cnn_text whole = {ps->p, (size_t)(close - ps->p) + 1};
    *out = (join_text){op, cnn_span_of(ps, whole), word->behind, bars + 1};
    return true;
}

static bool stream_branch(cnn_parser *ps, cnn_expander *x, cnn_join *join, int32_t i)
{
    const char *from = ps->p++; /* "(" or "|" */
    cnn_place at;
    int32_t value;
    bool any = false;
    if (!cnn_branch_begin(x, join, i, (cnn_span){0, 0}, &at, &value) ||
        !cnn_parse_branch_begin(ps) || !cnn_stream_list(ps, x, at, &value, &any)) {
        return false;
    }
    cnn_branch_end(x, join, i, value);
    if (!any) {
        return cnn_fail_empty_branch(ps, from);
    }
    return true;
}

static bool stream_join(cnn_parser *ps, cnn_expander *x, const join_text *text, const cnn_place *at,
                        int32_t *value)
{
    cnn_join join;
    join.op = text->op;
    join.span = text->span;
    join.count = text->branches;
    if (!cnn_join_begin(x, &join, at, *value)) {
        return false;
    }
    ps->p = text->open;
    ps->depth++; /* surely not too deep: cnn_see_branches has seen the end of the outermost join */
    for (int32_t i = 0; i < join.count; i++) {
        if (!stream_branch(ps, x, &join, i)) {
            return false;
        }
    }
    ps->p++;
    ps->depth--;
    return cnn_join_end(x, &join, value);
}

/* At the top of the list, a join or repeated group is an item of its own. */
static bool stream_top_join(cnn_parser *ps, cnn_expander *x, const join_text *text,
                            const cnn_place *at, int32_t *value)
{
    if (!cnn_item_open(x, (cnn_text){0}, text->span, true)) {
        return false;
    }
    return cnn_item_end(x, text->span, stream_join(ps, x, text, at, value));
}

/* ---- repeats ---- */

enum { STREAMED_DIGITS = 2, STREAMED_BYTES = 1 << 16 };

/* "3x(" or "3*(": the position of the parenthesis. NULL: something else, or it is written in a way
 * that is left to the tree. */
static const char *see_repeat(const cnn_parser *ps, int64_t *count)
{
    const size_t digits = cnn_read_digits(ps->p, ps->end, count);
    const char *p = ps->p + digits;
    const bool there = ps->end - p > 2 && (*p == 'x' || *p == '*') && p[1] == '(';
    return there && digits <= STREAMED_DIGITS && *count > 0 ? p + 1 : NULL;
}

/* The group at `open`, once. False: there is an error, or something that cannot be streamed. */
static bool stream_group(cnn_parser *ps, cnn_expander *x, const char *open, cnn_place at,
                         int32_t *value)
{
    int32_t start;
    bool any = false;
    at.path = cnn_path_extend(x, at.path, (cnn_text){0}, at.number, 0);
    at.number = 0;
    at.start = &start; /* it is inside parentheses */
    ps->p = open + 1;
    if (at.path == NULL || !cnn_parse_branch_begin(ps) ||
        !cnn_stream_list(ps, x, at, value, &any) || !any || cnn_peek(ps) != ')') {
        return false;
    }
    ps->p++;
    return true;
}

/* Reads the group as often as it is wanted, if it is short: otherwise a tree is made of it. */
static bool stream_times(cnn_parser *ps, cnn_expander *x, const char *open, int64_t count,
                         cnn_place at, int32_t *value)
{
    at.head = false;
    for (int32_t i = 1; i <= count; i++) {
        at.number = i;
        if (!stream_group(ps, x, open, at, value) || (ps->p - open) * count > STREAMED_BYTES) {
            return false;
        }
    }
    return !cnn_is_behind(ps, ps->p, '*'); /* then the parentheses were meant as a count */
}

/*
 * A repeated group of what can be streamed. If it is anything else, or wrong, all is as it was
 * before, and the tree has to be tried.
 */
static bool stream_repeat(cnn_parser *ps, cnn_expander *x, const cnn_place *at, int32_t *value)
{
    int64_t count = 0;
    const char *open = x->no_trees ? NULL : see_repeat(ps, &count);
    if (open == NULL) {
        return false;
    }
    const cnn_expander expander = *x;
    const cnn_builder builder = *x->to;
    const cnn_arena arena = *ps->arena;
    const cnn_error err = *ps->err;
    const char *from = ps->p;
    const int32_t entry = *value, depth = ps->depth;
    const bool top = at->start == NULL;
    bool done = !top || cnn_item_open(x, (cnn_text){0}, (cnn_span){0, 0}, true);
    x->no_trees = true;
    ps->depth++;
    done = done && stream_times(ps, x, open, count, *at, value);
    x->no_trees = false;
    ps->depth = depth;
    if (!done) {
        *x = expander;
        *x->to = builder;
        *ps->arena = arena;
        *ps->err = err;
        ps->p = from;
        *value = entry;
        return false;
    }
    if (top) {
        const cnn_span span = cnn_span_from(ps, from);
        x->item->span = span;
        (void)cnn_item_end(x, span, true);
    }
    return true;
}

/* ---- items ---- */

/* A join or repeated group that can be streamed. `word` is what it begins with. *there: it is one.
 */
static bool stream_new_block(cnn_parser *ps, cnn_expander *x, const cnn_plain *word,
                             const cnn_place *at, int32_t *value, bool *there)
{
    join_text join;
    *there = true;
    if (see_join(ps, word, &join)) {
        return (at->start != NULL ? stream_join : stream_top_join)(ps, x, &join, at, value);
    }
    *there = cnn_is_digit(cnn_peek(ps)) && stream_repeat(ps, x, at, value);
    return true;
}

/* The same; where no names of the list are in it, for they are in trees, it is kept as a phrase. */
static bool stream_block(cnn_parser *ps, cnn_expander *x, const cnn_plain *word,
                         const cnn_place *at, int32_t *value, bool *there)
{
    if (!cnn_may_pass(x, at)) {
        return stream_new_block(ps, x, word, at, value, there);
    }
    const cnn_before was = cnn_phrase_before(ps, x->to, *value);
    const int64_t trees = x->steps;
    if (!stream_new_block(ps, x, word, at, value, there)) {
        return false;
    }
    if (*there && x->steps == trees) {
        cnn_phrase_keep(ps, &ps->memo->phrases, x->to, &was, *value);
    }
    return true;
}

/* Any item and the breaks behind it, or a definition. */
static bool stream_tree(cnn_parser *ps, cnn_expander *x, const cnn_place *at, int32_t *value,
                        bool *any)
{
    const bool top = at->start == NULL;
    cnn_node *node;
    if (!cnn_parse_any(ps, top, &node) || !cnn_parse_break(ps, !top)) {
        return false;
    }
    *any = *any || node != NULL;
    return node == NULL || (top ? cnn_expand_item(x, node) : cnn_expand_inside(x, node, at, value));
}

bool cnn_stream_list(cnn_parser *ps, cnn_expander *x, cnn_place at, int32_t *value, bool *any)
{
    const bool inside = at.start != NULL;
    at.entry = *value;
    for (;;) {
        const int32_t first = x->to->layer_count;
        cnn_plain other;
        if (!stream_plain(ps, x, &at, value, &other)) {
            return false;
        }
        if (x->to->layer_count > first) {
            *any = true;
            at.head = false;
        }
        const char c = cnn_peek(ps);
        if (ps->p == ps->end || (inside && (c == ')' || c == '|'))) {
            return true;
        }
        bool there;
        if (!stream_block(ps, x, &other, &at, value, &there)) {
            return false;
        }
        if (there) {
            *any = true;
            if (!stream_break(ps, ps->p, &at)) {
                return false;
            }
        } else if (x->no_trees || !stream_tree(ps, x, &at, value, any)) {
            return false;
        }
        at.head = false;
    }
}
