/* Expressions of Python, one function for each level of precedence: one recursive descent. */
#include "base/checked.h"
#include "paste/reals.h"
#include "paste/syntax.h"

cnn_py_node *cnn_py_node_new(cnn_syntax_reader *r, cnn_syntax kind, const cnn_token *begin)
{
    cnn_py_node *node = CNN_NEW(r->arena, cnn_py_node);
    if (node == NULL) {
        (void)cnn_fail_memory(r->err);
        return NULL;
    }
    node->kind = (uint8_t)kind;
    node->span = begin->span;
    return node;
}

cnn_py_node *cnn_syntax_stop(cnn_syntax_reader *r, int32_t code)
{
    if (r->code == CNN_OK) {
        r->code = code;
        r->trouble = r->at->span;
    }
    return NULL;
}

cnn_py_node *cnn_py_node_end(cnn_syntax_reader *r, cnn_py_node *node)
{
    if (node != NULL) {
        node->span.end = r->at[-1].span.end;
    }
    return node;
}

static bool take(cnn_syntax_reader *r, uint8_t op)
{
    const bool found = cnn_token_is(r->at, op);
    r->at += found;
    return found;
}

static bool take_word(cnn_syntax_reader *r, const char *word)
{
    const bool found = cnn_token_word(r->at, word);
    r->at += found;
    return found;
}

static cnn_py_node *binary(cnn_syntax_reader *r, cnn_syntax kind, uint8_t op, cnn_py_node *a,
                           cnn_py_node *b)
{
    cnn_py_node *node = a == NULL || b == NULL ? NULL : cnn_py_node_new(r, kind, r->at - 1);
    if (node == NULL) {
        return NULL;
    }
    node->op = op;
    node->a = a;
    node->b = b;
    node->span = (cnn_span){a->span.begin, b->span.end};
    return node;
}

/* 0x1F, 0b101, 0o17 after the prefix; -1: this is no digit of that base. */
static int32_t digit_of(char c)
{
    const char low = cnn_fold(c);
    return cnn_is_digit(c) ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

static cnn_py_node *based_number(cnn_syntax_reader *r, int32_t base)
{
    const cnn_text text = r->at->text;
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_INT, r->at);
    int64_t whole = 0;
    bool fits = true;
    for (size_t i = 2; node != NULL && i < text.size; i++) {
        const int32_t digit = digit_of(text.data[i]);
        if (text.data[i] != '_' && (digit < 0 || digit >= base)) {
            return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
        }
        fits = fits && (digit < 0 || (cnn_checked_mul(whole, base, &whole) &&
                                      cnn_checked_add(whole, digit, &whole)));
    }
    if (node != NULL) {
        node->number = whole;
        node->flag = !fits;
        r->at++;
    }
    return node;
}

/* Digits as they are, others as a double; without the C library, whose reading knows locales. */
static cnn_py_node *number(cnn_syntax_reader *r)
{
    static const struct {
        const char *prefix;
        int32_t base;
    } bases[] = {{"0x", 16}, {"0X", 16}, {"0b", 2}, {"0B", 2}, {"0o", 8}, {"0O", 8}};
    const cnn_text text = r->at->text;
    for (size_t i = 0; i < CNN_LENGTH(bases); i++) {
        if (cnn_word_begins(text, bases[i].prefix) && text.size > 2) {
            return based_number(r, bases[i].base);
        }
    }
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_INT, r->at);
    double real;
    if (node == NULL) {
        return NULL;
    }
    if (!cnn_real_read(text, &real)) {
        return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    bool whole = true;
    node->number = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        whole = whole && (cnn_is_digit(c) || c == '_');
        node->flag = node->flag || (cnn_is_digit(c) && whole &&
                                    !(cnn_checked_mul(node->number, 10, &node->number) &&
                                      cnn_checked_add(node->number, c - '0', &node->number)));
    }
    if (!whole) {
        node->kind = CNN_SYNTAX_FLOAT;
        node->flag = false;
        node->real = real;
    }
    r->at++;
    return node;
}

/* One element; a star before it spreads it. */
static cnn_py_node *starred(cnn_syntax_reader *r, cnn_py_node *(*read)(cnn_syntax_reader *))
{
    const cnn_token *begin = r->at;
    const bool star = take(r, '*');
    cnn_py_node *element = read(r);
    if (element == NULL || !star) {
        return element;
    }
    cnn_py_node *spread = cnn_py_node_new(r, CNN_SYNTAX_ARGUMENT, begin);
    if (spread != NULL) {
        spread->a = element;
        spread->flag = true;
    }
    return spread;
}

/* The rest of the elements up to `close`, and `close` itself; elements are separated by commas. */
static bool elements(cnn_syntax_reader *r, uint8_t close, cnn_py_node **last)
{
    for (bool comma = true; !take(r, close); comma = take(r, ',')) {
        if (!comma) {
            (void)cnn_syntax_stop(r, r->at->kind == CNN_TOKEN_END ? CNN_E_PASTE_OPEN
                                                                  : CNN_E_PASTE_SYNTAX);
            return false;
        }
        *last = starred(r, cnn_expression_read);
        if (*last == NULL) {
            return false;
        }
        last = &(*last)->next;
    }
    return true;
}

/* "b in c", after a "for"; the conditions that follow it go to *last. */
static cnn_py_node *each_of(cnn_syntax_reader *r, cnn_py_node *element, cnn_py_node ***last)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_EACH, r->at - 1);
    if (node == NULL) {
        return NULL;
    }
    node->a = element;
    node->b = cnn_targets_read(r);
    if (node->b == NULL || !take_word(r, "in")) {
        return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    node->c = cnn_expression_read(r);
    *last = &node->d;
    while (node->c != NULL && take_word(r, "if")) {
        cnn_py_node *when = cnn_py_node_new(r, CNN_SYNTAX_WHEN, r->at - 1);
        if (when == NULL || (when->a = cnn_expression_read(r)) == NULL) {
            return NULL;
        }
        **last = when;
        *last = &when->d;
    }
    return node->c == NULL ? NULL : node;
}

/* "for b in c if d for e in f", after the element and the first "for". */
static cnn_py_node *each(cnn_syntax_reader *r, cnn_py_node *element)
{
    cnn_py_node **last = NULL;
    const bool inside = r->inside;
    r->inside = true;
    cnn_py_node *first = each_of(r, element, &last), *more = first;
    while (more != NULL && take_word(r, "for")) {
        cnn_py_node **const at = last;
        more = each_of(r, element, &last);
        *at = more;
    }
    r->inside = inside;
    return more == NULL ? NULL : first;
}

/* After the first element: a comprehension, parentheses only, or more elements. */
static cnn_py_node *bracketed_rest(cnn_syntax_reader *r, uint8_t close, cnn_py_node *node)
{
    cnn_py_node *first = node->a;
    if (take_word(r, "for")) {
        cnn_py_node *all = each(r, first);
        if (all != NULL) {
            all->flag = close == ']';
        }
        return all == NULL ? NULL : take(r, close) ? all : cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    const bool plain = first->kind != CNN_SYNTAX_ARGUMENT && node->kind == CNN_SYNTAX_TUPLE;
    if (plain && take(r, close)) {
        return first;
    }
    if (!take(r, ',') && !cnn_token_is(r->at, close)) {
        return cnn_syntax_stop(r, r->at->kind == CNN_TOKEN_END ? CNN_E_PASTE_OPEN
                                                               : CNN_E_PASTE_SYNTAX);
    }
    return elements(r, close, &first->next) ? cnn_py_node_end(r, node) : NULL;
}

/* In parentheses or brackets: one expression, a tuple, a list, or a comprehension. */
static cnn_py_node *bracketed(cnn_syntax_reader *r, uint8_t close, cnn_syntax kind)
{
    const bool in_each = r->inside;
    cnn_py_node *node = cnn_py_node_new(r, kind, r->at++);
    if (node == NULL || take(r, close)) {
        return node == NULL ? NULL : cnn_py_node_end(r, node);
    }
    r->inside = false;
    node->a = starred(r, cnn_expression_read);
    node = node->a == NULL ? NULL : bracketed_rest(r, close, node);
    r->inside = in_each;
    return node;
}

/* key: value, or **dictionary; an element of a set is read as a key that is its own value. */
static cnn_py_node *pair_of(cnn_syntax_reader *r)
{
    cnn_py_node *pair = cnn_py_node_new(r, CNN_SYNTAX_PAIR, r->at);
    if (pair == NULL) {
        return NULL;
    }
    const bool spread = take(r, CNN_OP_POWER);
    pair->a = cnn_expression_read(r);
    if (!spread) {
        pair->b = pair->a != NULL && take(r, ':') ? cnn_expression_read(r) : pair->a;
    }
    return pair->a == NULL || (pair->b == NULL && !spread) ? NULL : pair;
}

/* {key: value, ...}, {key: value for ...} or a set. */
static cnn_py_node *in_braces(cnn_syntax_reader *r)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_DICT, r->at++);
    cnn_py_node **last = node == NULL ? NULL : &node->a;
    while (node != NULL && !take(r, '}')) {
        cnn_py_node *pair = pair_of(r);
        if (pair == NULL) {
            return NULL;
        }
        if (node->a == NULL && take_word(r, "for")) {
            cnn_py_node *all = each(r, pair);
            if (all != NULL) {
                all->flag = true;
            }
            return all == NULL || take(r, '}') ? all : cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
        }
        *last = pair;
        last = &pair->next;
        if (!take(r, ',') && !cnn_token_is(r->at, '}')) {
            return cnn_syntax_stop(r, r->at->kind == CNN_TOKEN_END ? CNN_E_PASTE_OPEN
                                                                   : CNN_E_PASTE_SYNTAX);
        }
    }
    return cnn_py_node_end(r, node);
}

/* Within braces "if" may begin a choice again. */
static cnn_py_node *dictionary(cnn_syntax_reader *r)
{
    const bool in_each = r->inside;
    r->inside = false;
    cnn_py_node *node = in_braces(r);
    r->inside = in_each;
    return node;
}

/* lambda x, n=2: expression, as a function whose only statement returns it. */
static cnn_py_node *lambda(cnn_syntax_reader *r)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_LAMBDA, r->at++);
    cnn_py_node **last = node == NULL ? NULL : &node->a;
    while (last != NULL && !take(r, ':')) {
        cnn_py_node *parameter = cnn_py_node_new(r, CNN_SYNTAX_PARAMETER, r->at);
        if (parameter == NULL) {
            return NULL;
        }
        for (; cnn_token_is(r->at, '*') || cnn_token_is(r->at, CNN_OP_POWER); r->at++) {
            parameter->number += r->at->op == '*' ? 1 : 2;
        }
        if (r->at->kind != CNN_TOKEN_NAME) {
            return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
        }
        parameter->text = r->at->text;
        r->at++;
        if (take(r, '=')) {
            parameter->a = cnn_expression_read(r);
            if (parameter->a == NULL) {
                return NULL;
            }
        }
        *last = cnn_py_node_end(r, parameter);
        last = &parameter->next;
        if (!take(r, ',') && !cnn_token_is(r->at, ':')) {
            return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
        }
    }
    if (node == NULL || (node->b = cnn_py_node_new(r, CNN_SYNTAX_RETURN, r->at)) == NULL) {
        return NULL;
    }
    node->b->a = cnn_expression_read(r);
    return node->b->a != NULL ? cnn_py_node_end(r, node) : NULL;
}

/* A string and those beside it: "a" "b". */
static cnn_py_node *strings(cnn_syntax_reader *r)
{
    cnn_py_node *first = NULL, **last = &first;
    while (r->at->kind == CNN_TOKEN_STRING) {
        cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_STRING, r->at);
        if (node == NULL) {
            return NULL;
        }
        node->text = r->at->text;
        node->flag = r->at->formatted;
        node->op = r->at->raw ? 'r' : 0;
        *last = node;
        last = &node->a;
        r->at++;
    }
    return cnn_py_node_end(r, first);
}

static cnn_py_node *name(cnn_syntax_reader *r)
{
    static const struct {
        const char *word;
        cnn_syntax kind;
        int64_t number;
    } words[] = {
        {"None", CNN_SYNTAX_NONE, 0}, {"True", CNN_SYNTAX_BOOL, 1}, {"False", CNN_SYNTAX_BOOL, 0}};
    static const char *const keywords[] = {"if",    "else", "for",    "in",    "and",  "or",
                                           "is",    "def",  "class",  "while", "elif", "return",
                                           "yield", "with", "import", "from",  "raise"};
    if (cnn_token_word(r->at, "lambda")) {
        return lambda(r);
    }
    for (size_t i = 0; i < CNN_LENGTH(keywords); i++) {
        if (cnn_token_word(r->at, keywords[i])) {
            return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
        }
    }
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_NAME, r->at);
    if (node == NULL) {
        return NULL;
    }
    node->text = r->at->text;
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        if (cnn_token_word(r->at, words[i].word)) {
            node->kind = (uint8_t)words[i].kind;
            node->number = words[i].number;
        }
    }
    r->at++;
    return node;
}

static cnn_py_node *atom(cnn_syntax_reader *r)
{
    switch (r->at->kind) {
    case CNN_TOKEN_NUMBER:
        return number(r);
    case CNN_TOKEN_STRING:
        return strings(r);
    case CNN_TOKEN_NAME:
        return name(r);
    default:
        break;
    }
    if (cnn_token_is(r->at, '(')) {
        return bracketed(r, ')', CNN_SYNTAX_TUPLE);
    }
    if (cnn_token_is(r->at, '[')) {
        return bracketed(r, ']', CNN_SYNTAX_LIST);
    }
    if (cnn_token_is(r->at, '{')) {
        return dictionary(r);
    }
    return cnn_syntax_stop(r, r->at->kind == CNN_TOKEN_END ? CNN_E_PASTE_OPEN : CNN_E_PASTE_SYNTAX);
}

static cnn_py_node *argument(cnn_syntax_reader *r)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_ARGUMENT, r->at);
    if (node == NULL) {
        return NULL;
    }
    if (take(r, CNN_OP_POWER)) {
        node->number = 2;
    } else if (take(r, '*')) {
        node->flag = true;
    } else if (r->at->kind == CNN_TOKEN_NAME && cnn_token_is(r->at + 1, '=')) {
        node->text = r->at->text;
        r->at += 2;
    }
    node->a = cnn_expression_read(r);
    if (node->a != NULL && take_word(r, "for")) {
        node->a = each(r, node->a);
    }
    return node->a == NULL ? NULL : cnn_py_node_end(r, node);
}

cnn_py_node *cnn_call_read(cnn_syntax_reader *r, cnn_py_node *called)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_CALL, r->at);
    const bool in_each = r->inside;
    if (node == NULL) {
        return NULL;
    }
    const cnn_span open = r->at->span;
    node->a = called;
    node->span.begin = called->span.begin;
    r->at++;
    r->inside = false;
    for (cnn_py_node **last = &node->b; !take(r, ')'); last = &(*last)->next) {
        *last = argument(r);
        if (*last == NULL) {
            return NULL;
        }
        if (!take(r, ',') && !cnn_token_is(r->at, ')')) {
            const bool open_end = r->at->kind == CNN_TOKEN_END || r->at->kind == CNN_TOKEN_LINE;
            (void)cnn_syntax_stop(r, open_end ? CNN_E_PASTE_OPEN : CNN_E_PASTE_SYNTAX);
            r->trouble = open_end && r->code == CNN_E_PASTE_OPEN ? open : r->trouble;
            return NULL;
        }
    }
    r->inside = in_each;
    return cnn_py_node_end(r, node);
}

/* A slice or an index, up to a comma or the bracket. */
static cnn_py_node *subscript(cnn_syntax_reader *r)
{
    const cnn_token *begin = r->at;
    cnn_py_node *part[3] = {NULL, NULL, NULL};
    int32_t count = 0;
    for (;;) {
        if (!cnn_token_is(r->at, ':') && !cnn_token_is(r->at, ']') && !cnn_token_is(r->at, ',')) {
            if (cnn_token_is(r->at, '.')) {
                r->at += cnn_token_is(r->at + 1, '.') && cnn_token_is(r->at + 2, '.') ? 3 : 0;
                cnn_py_node *dots = cnn_py_node_new(r, CNN_SYNTAX_STRING, begin);
                return dots == NULL ? NULL : cnn_py_node_end(r, dots);
            }
            part[count] = cnn_expression_read(r);
            if (part[count] == NULL) {
                return NULL;
            }
        }
        if (count == 2 || !take(r, ':')) {
            break;
        }
        count++;
    }
    if (count == 0) {
        return part[0] != NULL ? part[0] : cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_SLICE, begin);
    if (node != NULL) {
        node->a = part[0];
        node->b = part[1];
        node->c = part[2];
    }
    return cnn_py_node_end(r, node);
}

static cnn_py_node *index_of(cnn_syntax_reader *r, cnn_py_node *object)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_INDEX, r->at);
    if (node == NULL) {
        return NULL;
    }
    node->a = object;
    node->span.begin = object->span.begin;
    r->at++;
    node->b = subscript(r);
    if (node->b != NULL && cnn_token_is(r->at, ',')) {
        cnn_py_node *all = cnn_py_node_new(r, CNN_SYNTAX_TUPLE, r->at);
        if (all == NULL) {
            return NULL;
        }
        all->a = node->b;
        node->b = all;
        for (cnn_py_node **last = &all->a->next; take(r, ',') && !cnn_token_is(r->at, ']');
             last = &(*last)->next) {
            *last = subscript(r);
            if (*last == NULL) {
                return NULL;
            }
        }
    }
    if (node->b == NULL || !take(r, ']')) {
        return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    return cnn_py_node_end(r, node);
}

/* Calls, attributes and indices after an atom. A line that ends within brackets goes on. */
cnn_py_node *cnn_operand_read(cnn_syntax_reader *r)
{
    cnn_py_node *node = atom(r);
    while (node != NULL) {
        if (cnn_token_is(r->at, '(')) {
            node = cnn_call_read(r, node);
        } else if (cnn_token_is(r->at, '[')) {
            node = index_of(r, node);
        } else if (cnn_token_is(r->at, '.') && r->at[1].kind == CNN_TOKEN_NAME) {
            cnn_py_node *attribute = cnn_py_node_new(r, CNN_SYNTAX_ATTRIBUTE, r->at);
            if (attribute == NULL) {
                return NULL;
            }
            attribute->a = node;
            attribute->text = r->at[1].text;
            attribute->span = (cnn_span){node->span.begin, r->at[1].span.end};
            r->at += 2;
            node = attribute;
        } else {
            return node;
        }
    }
    return NULL;
}

static bool deeper(cnn_syntax_reader *r)
{
    if (++r->depth > CNN_MAX_NESTING) {
        (void)cnn_fail_numbers(r->err, CNN_E_NESTING, r->at->span, CNN_MAX_NESTING, 0);
        return false;
    }
    return true;
}

static cnn_py_node *unary(cnn_syntax_reader *r);

/* ** binds tighter than a sign on its left, looser than one on its right: -2 ** -1. */
static cnn_py_node *power(cnn_syntax_reader *r)
{
    cnn_py_node *node = cnn_operand_read(r);
    if (node == NULL || !take(r, CNN_OP_POWER)) {
        return node;
    }
    cnn_py_node *exponent = deeper(r) ? unary(r) : NULL;
    r->depth--;
    return binary(r, CNN_SYNTAX_BINARY, CNN_OP_POWER, node, exponent);
}

static cnn_py_node *unary(cnn_syntax_reader *r)
{
    const cnn_token *begin = r->at;
    if (!take(r, '-') && !take(r, '+') && !take(r, '~')) {
        return power(r);
    }
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_UNARY, begin);
    if (node == NULL || !deeper(r)) {
        return NULL;
    }
    node->op = begin->op;
    node->a = unary(r);
    r->depth--;
    return node->a == NULL ? NULL : cnn_py_node_end(r, node);
}

/* The operators of two values from the loosest to the tightest; unary() is tighter. */
static cnn_py_node *operation(cnn_syntax_reader *r, size_t level)
{
    static const uint8_t levels[][5] = {{'|'},      {'^'},
                                        {'&'},      {CNN_OP_LEFT, CNN_OP_RIGHT},
                                        {'+', '-'}, {'*', '/', CNN_OP_FLOOR, '%', '@'}};
    if (level == CNN_LENGTH(levels)) {
        return unary(r);
    }
    cnn_py_node *node = operation(r, level + 1);
    while (node != NULL) {
        const uint8_t op = r->at->op;
        bool found = false;
        for (size_t i = 0; i < sizeof levels[0] && levels[level][i] != 0 && !found; i++) {
            found = take(r, levels[level][i]);
        }
        if (!found) {
            return node;
        }
        node = binary(r, CNN_SYNTAX_BINARY, op, node, operation(r, level + 1));
    }
    return NULL;
}

/* The comparison at r->at as a letter or operator; 0: there is none. */
static uint8_t comparison(cnn_syntax_reader *r)
{
    static const uint8_t ops[] = {
        '<', '>', CNN_OP_EQUAL, CNN_OP_UNEQUAL, CNN_OP_AT_MOST, CNN_OP_AT_LEAST};
    for (size_t i = 0; i < CNN_LENGTH(ops); i++) {
        if (take(r, ops[i])) {
            return ops[i];
        }
    }
    if (take_word(r, "in")) {
        return 'i';
    }
    if (cnn_token_word(r->at, "not") && cnn_token_word(r->at + 1, "in")) {
        r->at += 2;
        return 'I';
    }
    if (take_word(r, "is")) {
        return take_word(r, "not") ? 'S' : 's';
    }
    return 0;
}

/* a < b < c is a < b and b < c; the middle value is evaluated twice, which changes nothing unless
 * it calls something. */
static cnn_py_node *compare(cnn_syntax_reader *r)
{
    cnn_py_node *left = operation(r, 0), *all = NULL;
    while (left != NULL) {
        const uint8_t op = comparison(r);
        if (op == 0) {
            return all != NULL ? all : left;
        }
        cnn_py_node *right = operation(r, 0);
        cnn_py_node *node = binary(r, CNN_SYNTAX_COMPARE, op, left, right);
        all = all == NULL ? node : binary(r, CNN_SYNTAX_AND, 0, all, node);
        left = node == NULL ? NULL : right; /* a < b < c */
    }
    return NULL;
}

static cnn_py_node *negation(cnn_syntax_reader *r)
{
    const cnn_token *begin = r->at;
    if (!take_word(r, "not")) {
        return compare(r);
    }
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_UNARY, begin);
    if (node == NULL || !deeper(r)) {
        return NULL;
    }
    node->op = 'n';
    node->a = negation(r);
    r->depth--;
    return node->a == NULL ? NULL : cnn_py_node_end(r, node);
}

/* and, or: they give one of their values, and are parted by precedence as in Python's grammar. */
static cnn_py_node *conjunction(cnn_syntax_reader *r)
{
    cnn_py_node *node = negation(r);
    while (node != NULL && take_word(r, "and")) {
        node = binary(r, CNN_SYNTAX_AND, 0, node, negation(r));
    }
    return node;
}

static cnn_py_node *disjunction(cnn_syntax_reader *r)
{
    cnn_py_node *node = conjunction(r);
    while (node != NULL && take_word(r, "or")) {
        node = binary(r, CNN_SYNTAX_OR, 0, node, conjunction(r));
    }
    return node;
}

/* n := value */
static cnn_py_node *named(cnn_syntax_reader *r)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_NAMED, r->at);
    if (node == NULL || (node->a = name(r)) == NULL) {
        return NULL;
    }
    r->at++;
    node->b = cnn_expression_read(r);
    return node->b == NULL ? NULL : cnn_py_node_end(r, node);
}

cnn_py_node *cnn_expression_read(cnn_syntax_reader *r)
{
    if (!deeper(r)) {
        return NULL;
    }
    const bool names = r->at->kind == CNN_TOKEN_NAME && cnn_token_is(r->at + 1, CNN_OP_NAMED);
    cnn_py_node *node = names ? named(r) : disjunction(r);
    if (node != NULL && !r->inside && take_word(r, "if")) {
        cnn_py_node *choice = cnn_py_node_new(r, CNN_SYNTAX_CHOICE, r->at - 1);
        if (choice == NULL) {
            return NULL;
        }
        choice->a = node;
        choice->b = disjunction(r);
        choice->c = choice->b != NULL && take_word(r, "else") ? cnn_expression_read(r) : NULL;
        if (choice->c == NULL) {
            return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
        }
        choice->span.begin = node->span.begin;
        node = cnn_py_node_end(r, choice);
    }
    r->depth--;
    return node;
}

/* One expression or target, or several as a tuple, any of which may have a star: a, *b */
static cnn_py_node *several(cnn_syntax_reader *r, cnn_py_node *(*read)(cnn_syntax_reader *))
{
    const cnn_token *begin = r->at;
    cnn_py_node *first = starred(r, read);
    if (first == NULL || !cnn_token_is(r->at, ',')) {
        /* A star needs a tuple around it. */
        return first == NULL || first->kind != CNN_SYNTAX_ARGUMENT
                   ? first
                   : cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    cnn_py_node *tuple = cnn_py_node_new(r, CNN_SYNTAX_TUPLE, begin);
    if (tuple == NULL) {
        return NULL;
    }
    tuple->a = first;
    for (cnn_py_node **last = &first->next; take(r, ','); last = &(*last)->next) {
        if (r->at->kind == CNN_TOKEN_LINE || r->at->kind == CNN_TOKEN_END ||
            cnn_token_is(r->at, '=') || cnn_token_is(r->at, ')') || cnn_token_word(r->at, "in")) {
            break; /* a last comma */
        }
        *last = starred(r, read);
        if (*last == NULL) {
            return NULL;
        }
    }
    return cnn_py_node_end(r, tuple);
}

cnn_py_node *cnn_expressions_read(cnn_syntax_reader *r)
{
    return several(r, cnn_expression_read);
}

/* One target: a name, or several in parentheses. No operator may follow, so "in" is left. */
cnn_py_node *cnn_targets_read(cnn_syntax_reader *r)
{
    return several(r, cnn_operand_read);
}
