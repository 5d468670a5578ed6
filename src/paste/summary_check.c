/* The answers of a summary, compared with the network: each row's output and parameters. */
#include "base/shape_text.h"
#include "paste/summary.h"

typedef struct judge {
    const cnn_network *net;
    cnn_out out;
    int32_t at;    /* the next layer that has not been compared */
    int64_t looks; /* bytes looked at ahead, which are limited */
    int32_t right, wrong;
} judge;

/* The layers that one row is about: those of one module have one place. */
static int32_t group_end(const cnn_network *net, int32_t first)
{
    int32_t end = first + 1;
    const cnn_span span = net->layers[first].span;
    while (end < net->layer_count && net->layers[end].span.begin == span.begin &&
           net->layers[end].span.end == span.end && net->layers[end].path == NULL) {
        end++;
    }
    while (end < net->layer_count && net->layers[end].span.begin == span.begin &&
           net->layers[end].span.end == span.end) {
        end++;
    }
    return end;
}

static void tell(judge *j, cnn_text name, bool right)
{
    j->right += right;
    j->wrong += !right;
    cnn_out_string(&j->out, right ? "+ right    " : "- wrong    ");
    cnn_out_text(&j->out, name);
}

static int64_t params_of(const cnn_layer *layer, bool keras)
{
    return layer->weights + layer->biases + (keras ? layer->statistics : 0);
}

/* Whether the layers from `at` to `end` are what a row is about. */
static bool fits(const cnn_network *net, int32_t at, int32_t end, const cnn_summary_row *row)
{
    int64_t params = 0;
    for (int32_t i = at; i < end; i++) {
        params += params_of(&net->layers[i], row->keras);
    }
    return params == row->params && cnn_tensors_alike(&net->layers[end - 1].out, &row->shape);
}

enum { MOST_LOOKS = 1 << 24 };

/* Whether the rows that follow, up to the next model among them, fit the layers from `at` on. */
static bool follow(judge *j, int32_t at, cnn_text next, cnn_summary_columns where)
{
    const cnn_network *net = j->net;
    cnn_summary_row row;
    while (next.size > 0 && j->looks < MOST_LOOKS) {
        const cnn_text line = cnn_text_split(&next, '\n');
        j->looks += (int64_t)line.size + 1;
        if (!cnn_summary_line(line, next, &where, &row)) {
            continue;
        }
        if (cnn_summary_is_model(&row, next)) {
            return true;
        }
        const int32_t end = at < net->layer_count ? group_end(net, at) : at;
        if (end == at || !fits(net, at, end, &row)) {
            return false;
        }
        at = end;
    }
    return at == net->layer_count;
}

/* Where the layers of a row end. A model has several: as few as it and the rows that follow fit; if
 * its own numbers are wrong, as few as those rows fit. */
static int32_t row_end(judge *j, const cnn_summary_row *row, cnn_text next,
                       cnn_summary_columns where)
{
    const cnn_network *net = j->net;
    const int32_t first = group_end(net, j->at);
    int32_t best = 0;
    for (int32_t end = first; cnn_summary_is_model(row, next); end = group_end(net, end)) {
        const bool fine = fits(net, j->at, end, row);
        if ((fine || best == 0) && follow(j, end, next, where)) {
            best = end;
        }
        if ((fine && best == end) || end == net->layer_count) {
            break;
        }
    }
    return best > 0 ? best : first;
}

static void judge_row(judge *j, const cnn_summary_row *row, cnn_text next,
                      cnn_summary_columns where)
{
    const cnn_network *net = j->net;
    /* In PyTorch only modules have rows, which have paths; functions have none. */
    while (!row->keras && j->at < net->layer_count && net->layers[j->at].path == NULL) {
        j->at++;
    }
    if (j->at >= net->layer_count) {
        tell(j, row->name, false);
        cnn_out_string(&j->out, ": the network has no further layer\n");
        return;
    }
    const int32_t end = row_end(j, row, next, where);
    int64_t params = 0;
    for (int32_t i = j->at; i < end; i++) {
        params += params_of(&net->layers[i], row->keras);
    }
    const cnn_shape *shape = &net->layers[end - 1].out;
    const bool size = cnn_tensors_alike(shape, &row->shape), count = params == row->params;
    tell(j, row->name, size && count);
    if (!size) {
        cnn_out_string(&j->out, ": the output is ");
        cnn_out_shape(&j->out, shape);
        cnn_out_string(&j->out, ", not ");
        cnn_out_shape(&j->out, &row->shape);
    }
    if (!count) {
        cnn_out_string(&j->out, size ? ": " : "; ");
        cnn_out_grouped(&j->out, params);
        cnn_out_string(&j->out, " parameters, not ");
        cnn_out_grouped(&j->out, row->params);
    }
    cnn_out_char(&j->out, '\n');
    j->at = end;
}

/* "Total params: 17,690"; Keras' total has the statistics in it. */
static bool judge_total(judge *j, cnn_text line, bool keras)
{
    static const char *const words[] = {
        "Total params:", "Trainable params:", "Non-trainable params:"};
    const cnn_totals *t = &j->net->totals;
    const int64_t right[] = {t->params + (keras ? t->statistics : 0), t->params,
                             keras ? t->statistics : 0};
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        if (!cnn_word_begins(line, words[i])) {
            continue;
        }
        size_t at = strlen(words[i]);
        int64_t n;
        while (at < line.size && line.data[at] == ' ') {
            at++;
        }
        if (!cnn_summary_number(line, &at, &n)) {
            return false;
        }
        tell(j, (cnn_text){line.data, strlen(words[i]) - 1}, n == right[i]);
        if (n != right[i]) {
            cnn_out_string(&j->out, ": ");
            cnn_out_grouped(&j->out, right[i]);
            cnn_out_string(&j->out, ", not ");
            cnn_out_grouped(&j->out, n);
        }
        cnn_out_char(&j->out, '\n');
        return true;
    }
    return false;
}

bool cnn_summary_check(const cnn_network *net, cnn_text text, cnn_writer *to, bool *all_right,
                       cnn_error *err)
{
    judge j = {.net = net, .at = 1};
    cnn_summary_columns where = {0, 1};
    bool keras = false;
    cnn_out_open(&j.out, to);
    while (text.size > 0) {
        const cnn_text line = cnn_text_trim(cnn_text_split(&text, '\n'));
        cnn_summary_row row;
        if (!judge_total(&j, line, keras) && cnn_summary_line(line, text, &where, &row)) {
            keras = row.keras;
            judge_row(&j, &row, text, where);
        }
    }
    cnn_out_char(&j.out, '\n');
    cnn_out_int(&j.out, j.right + j.wrong);
    cnn_out_string(&j.out, " answers: ");
    cnn_out_int(&j.out, j.right);
    cnn_out_string(&j.out, " right, ");
    cnn_out_int(&j.out, j.wrong);
    cnn_out_string(&j.out, " wrong\n");
    *all_right = j.wrong == 0 && j.right > 0;
    return cnn_out_close(&j.out) || cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
}
