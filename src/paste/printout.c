/* What print(model) prints: every module with its arguments, nested by parentheses. */
#include "paste/recognise.h"
#include "paste/root.h"

typedef struct printout {
    cnn_paster *p;
    cnn_text text;
    size_t at;
    bool hidden;    /* an unknown class may do anything in its forward */
    int32_t within; /* how many such classes are around, without the outermost one */
} printout;

static void skip_blanks(printout *o)
{
    while (o->at < o->text.size && strchr(" \t\r\n", o->text.data[o->at]) != NULL) {
        o->at++;
    }
}

static bool see(const printout *o, char c)
{
    return o->at < o->text.size && o->text.data[o->at] == c;
}

static bool fail(const printout *o)
{
    const uint32_t at = (uint32_t)(o->at < o->text.size ? o->at : o->text.size);
    return cnn_fail(o->p->err, CNN_E_PASTE_PRINTOUT, (cnn_span){at, at + (at < o->text.size)});
}

/* ---- arguments ---- */

/* Words without quotes are strings there: padding=same. What was read from the part at `begin` gets
 * its place in the whole text. */
static void settle(cnn_py *value, uint32_t begin)
{
    if (value->kind == CNN_PY_NAME) {
        value->kind = CNN_PY_STRING;
    }
    if (value->origin.end > 0) {
        value->origin.begin += begin;
        value->origin.end += begin;
    }
    for (int32_t i = 0; cnn_py_is_list(value) && i < value->items->count; i++) {
        settle(&value->items->at[i], begin); /* no deeper than the part is nested */
    }
}

static bool add_argument(cnn_paster *p, cnn_items *values, cnn_items *names, cnn_text text,
                         size_t begin)
{
    cnn_arena scratch = *p->arena;
    const cnn_token *tokens = cnn_tokens_read(&scratch, text);
    if (tokens == NULL) {
        return cnn_fail_memory(p->err);
    }
    cnn_py value, name = {.kind = CNN_PY_STRING};
    if (tokens[0].kind == CNN_TOKEN_NAME && cnn_token_is(tokens + 1, '=')) {
        name.text = tokens[0].text;
        tokens += 2;
    }
    cnn_syntax_reader r = {.arena = &scratch, .err = p->err, .text = text, .at = tokens};
    const cnn_py_node *node = cnn_expression_read(&r);
    /* The tokens, at the low end, are dropped; the tree, at the high end, is kept. */
    p->arena->high = scratch.high;
    if (node == NULL) {
        const cnn_span span = {(uint32_t)begin, (uint32_t)(begin + text.size)};
        return cnn_fail(p->err, CNN_E_PASTE_PRINTOUT, span);
    }
    if (!cnn_eval(p, node, &value)) {
        return false;
    }
    settle(&value, (uint32_t)begin);
    return cnn_py_append(p, values, &value) && cnn_py_append(p, names, &name);
}

/* Up to the closing parenthesis; commas inside of others do not part. */
static bool read_arguments(printout *o, cnn_items *values, cnn_items *names)
{
    int32_t depth = 0;
    size_t begin = o->at;
    for (; o->at < o->text.size; o->at++) {
        const char c = o->text.data[o->at];
        const bool ends = depth == 0 && (c == ',' || c == ')');
        if (ends) {
            const cnn_text part = cnn_text_trim((cnn_text){o->text.data + begin, o->at - begin});
            if (part.size > 0 &&
                !add_argument(o->p, values, names, part, (size_t)(part.data - o->text.data))) {
                return false;
            }
            begin = o->at + 1;
        }
        if (ends && c == ')') {
            o->at++;
            return true;
        }
        depth += c == '(' || c == '[' || c == '{';
        depth -= c == ')' || c == ']' || c == '}';
    }
    return fail(o);
}

/* ---- modules ---- */

static bool make_layer(printout *o, cnn_text kind, cnn_py_node *call, const cnn_items *values,
                       const cnn_items *names, cnn_py *out)
{
    cnn_paster *p = o->p;
    cnn_arguments args = {.call = call};
    cnn_module *module;
    int32_t axes;
    args.at = cnn_paste_take(p, (size_t)values->count + 1, sizeof *args.at);
    if (args.at == NULL) {
        return false;
    }
    for (int32_t i = 0; i < values->count; i++) {
        args.at[args.count++] = (cnn_argument){names->at[i].text, values->at[i], NULL};
    }
    const cnn_framework_row *row = cnn_row_find(&cnn_torch_rows, kind, &axes);
    if (row == NULL) {
        return cnn_paste_fail(p, CNN_E_PASTE_UNKNOWN, call->span, kind, (cnn_text){0});
    }
    if (!cnn_row_make(p, row, axes, kind, &args, &module)) {
        return false;
    }
    module->within = o->within > 0;
    *out = (cnn_py){.kind = CNN_PY_MODULE, .module = module};
    return true;
}

static bool read_module(printout *o, int32_t depth, cnn_py *out);

/* "3 x Block(...)" of newer versions: how often, 1 otherwise. */
static int64_t read_count(printout *o)
{
    size_t at = o->at;
    int64_t count = 0;
    while (at < o->text.size && cnn_is_digit(o->text.data[at]) && count < CNN_MAX_LAYERS) {
        count = count * 10 + (o->text.data[at++] - '0');
    }
    if (count < 1 || at + 3 > o->text.size || memcmp(o->text.data + at, " x ", 3) != 0) {
        return 1;
    }
    o->at = at + 3;
    return count;
}

/* The first number of a key such as "2-4"; -1: it is a name. */
static int64_t number_of(cnn_text key)
{
    int64_t n = 0;
    for (size_t i = 0; i < key.size && key.data[i] != '-'; i++) {
        if (!cnn_is_digit(key.data[i]) || n > CNN_MAX_LAYERS) {
            return -1;
        }
        n = n * 10 + (key.data[i] - '0');
    }
    return key.size > 0 ? n : -1;
}

/* "(key): module", one on a line, up to the closing parenthesis. */
static bool read_children(printout *o, cnn_module *module, int32_t depth)
{
    for (skip_blanks(o); see(o, '('); skip_blanks(o)) {
        const size_t begin = ++o->at;
        while (o->at < o->text.size && !see(o, ')') && !see(o, '\n')) {
            o->at++;
        }
        const cnn_text key = {o->text.data + begin, o->at - begin};
        if (!see(o, ')') || o->at + 1 >= o->text.size || o->text.data[o->at + 1] != ':') {
            return fail(o);
        }
        o->at += 2;
        skip_blanks(o);
        const int64_t count = read_count(o);
        /* "(0-2): 3 x Block(": its text is read three times, for 0, 1 and 2. */
        const size_t again = o->at;
        for (int64_t i = 0; i < count; i++) {
            cnn_py child;
            o->at = again;
            const cnn_text name = count == 1 ? key : cnn_paste_digits(o->p, number_of(key) + i);
            if (!cnn_paste_step(o->p, 1) || !read_module(o, depth + 1, &child) ||
                !cnn_member_set(o->p, module, name, &child)) {
                return false;
            }
            module->count++;
        }
    }
    return true;
}

static bool read_container(printout *o, cnn_text kind, cnn_module *module, int32_t depth)
{
    static const char *const lists[] = {"ModuleList", "ModuleDict", "ParameterList"};
    static const char *const chains[] = {"Sequential", "DataParallel", "DistributedDataParallel",
                                         "OptimizedModule"}; /* the others hold one module */
    bool chain = false;
    for (size_t i = 0; i < CNN_LENGTH(chains); i++) {
        chain |= cnn_word_is(kind, chains[i]);
    }
    module->kind = kind;
    module->container = chain ? CNN_CONTAINER_SEQUENTIAL : CNN_CONTAINER_LIST;
    o->hidden |= !chain;
    for (size_t i = 0; i < CNN_LENGTH(lists); i++) {
        module->listed |= cnn_word_is(kind, lists[i]);
    }
    const bool inner = module->container == CNN_CONTAINER_LIST && depth > 0;
    o->within += inner;
    if (!read_children(o, module, depth)) {
        return false;
    }
    o->within -= inner;
    skip_blanks(o);
    if (!see(o, ')')) {
        return fail(o);
    }
    o->at++;
    return true;
}

static bool read_module(printout *o, int32_t depth, cnn_py *out)
{
    const size_t begin = o->at;
    int32_t axes;
    if (depth > CNN_MAX_NESTING) {
        return cnn_fail_numbers(o->p->err, CNN_E_NESTING,
                                (cnn_span){(uint32_t)begin, (uint32_t)begin}, CNN_MAX_NESTING, 0);
    }
    while (o->at < o->text.size && (cnn_is_letter(o->text.data[o->at]) ||
                                    cnn_is_digit(o->text.data[o->at]) || see(o, '_'))) {
        o->at++;
    }
    const cnn_text kind = {o->text.data + begin, o->at - begin};
    cnn_py_node *call = CNN_PASTE_NEW(o->p, cnn_py_node);
    if (call == NULL || kind.size == 0 || !see(o, '(')) {
        return call == NULL ? false : fail(o);
    }
    o->at++;
    call->span = (cnn_span){(uint32_t)begin, (uint32_t)o->at - 1};
    const size_t inside = o->at;
    skip_blanks(o);
    /* A line end precedes children; a tuple follows its "(" at once. */
    const bool children = see(o, '(') && o->at > inside;
    const bool layer = cnn_row_find(&cnn_torch_rows, kind, &axes) != NULL;
    if (children || (!layer && see(o, ')'))) {
        cnn_module *module = cnn_module_new(o->p, call);
        if (module == NULL) {
            return false;
        }
        *out = (cnn_py){.kind = CNN_PY_MODULE, .module = module};
        return read_container(o, kind, module, depth);
    }
    cnn_items values = {0}, names = {0};
    o->at = inside;
    return read_arguments(o, &values, &names) && make_layer(o, kind, call, &values, &names, out);
}

/* AvgPool2d does not print how it rounds. */
static bool remark_on_means(cnn_paster *p)
{
    for (const cnn_module *m = p->modules; m != NULL; m = m->next) {
        if (m->row != NULL && m->kind.size > 7 &&
            cnn_word_is((cnn_text){m->kind.data, 7}, "AvgPool")) {
            return cnn_paste_remark(p, cnn_module_span(m),
                                    "print(model) does not show ceil_mode of AvgPool: False is "
                                    "taken",
                                    (cnn_text){0});
        }
    }
    return true;
}

bool cnn_printout_read(cnn_paster *p)
{
    printout o = {.p = p, .text = p->text};
    cnn_py root;
    p->framework = CNN_TORCH;
    while (o.at < o.text.size && !cnn_is_letter(o.text.data[o.at])) {
        o.at++;
    }
    if (!read_module(&o, 0, &root) || !remark_on_means(p)) {
        return false;
    }
    if (root.module->row != NULL) {
        return cnn_root_run(p, &root);
    }
    return cnn_printout_run(p, root.module, o.hidden);
}
