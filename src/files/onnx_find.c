/* Finding operators and their attributes in the table. */
#include "files/infer.h"

/* The first row of a name, looked for once and then kept with the name; -1: there is none. */
static int32_t first_row(cnn_symbol *name)
{
    if (name->entry == 0) {
        name->entry = -1;
        for (size_t i = cnn_onnx_op_count; i > 0; i--) {
            if (cnn_text_is(name->text, cnn_onnx_ops[i - 1].name)) {
                name->entry = (int32_t)i;
            }
        }
    }
    return name->entry < 0 ? -1 : name->entry - 1;
}

const cnn_onnx_op *cnn_onnx_op_find(cnn_symbol *name, cnn_text domain, int32_t version)
{
    const int32_t first = first_row(name);
    for (size_t i = (size_t)(first < 0 ? 0 : first); first >= 0 && i < cnn_onnx_op_count; i++) {
        const cnn_onnx_op *op = &cnn_onnx_ops[i];
        const bool fits = domain.size == strlen(op->domain) &&
                          (domain.size == 0 || cnn_text_is(domain, op->domain));
        if (fits && cnn_text_is(name->text, op->name)) {
            return domain.size > 0 ||
                           (version >= op->since && (op->until == 0 || version <= op->until))
                       ? op
                       : NULL;
        }
    }
    return NULL;
}

/* A number of the table; *at is moved after it. */
static int32_t table_number(const char **at)
{
    int32_t n = 0;
    for (; **at >= '0' && **at <= '9'; ++*at) {
        n = n * 10 + (**at - '0');
    }
    return n;
}

/* Whether "@18" or "@1-8" after an attribute's name holds. */
static bool is_version(const char *at, int32_t version)
{
    if (*at != '@') {
        return true;
    }
    at++;
    const int32_t first = table_number(&at);
    at += *at == '-';
    const int32_t last = at[-1] == '-' ? table_number(&at) : INT32_MAX;
    return version >= first && version <= last;
}

bool cnn_onnx_op_takes(const cnn_onnx_op *op, cnn_text attr, int32_t version)
{
    const char *at = op->attrs;
    if (*at == '*') {
        return true;
    }
    while (*at != '\0') {
        const size_t size = strcspn(at, "@ ");
        if (size == attr.size && memcmp(at, attr.data, size) == 0) {
            return is_version(at + size, version);
        }
        at += strcspn(at, " ");
        at += *at == ' ';
    }
    return false;
}
