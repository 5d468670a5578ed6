/*
 * What holds for every network, tried with all of examples/ and with lists whose branches, taps and
 * repeats are hard to write down flat: the canonical text reads back to the same totals, and every
 * total of every report equals the sum of its rows.
 */
#include <dirent.h>

#include "support.h"

#include "report/report.h"

static const char *const lists[] = {
    "conv3-64,maxpool,FC-4096",
    "input vector 10\nFC-20,relu,FC-2",
    "0*conv3-4",
    "add(id|id)",
    "add(0*conv3-4|id)",
    "cat(cat(cat(id|id)|id)|id)",
    "cat(id|cat(id|cat(id|id)))",
    "split(split(id|conv3-c)|split(conv1-8|id)),cat(id|id)",
    "a:conv3-4,cat(@a|@a|@input|id)",
    "a:conv3-4,b:cat(c1:@a,relu|@a),cat(@b|@a|id)",
    "cat(a:id|@a,relu|@a)",
    "split(x:relu|@x),split(y:0*relu|@y)",
    "split(x:id|@x|id|@x,conv3-c)",
    "f(x)=cat(x|id)\na:conv3-4,f(@a),f(f(@a)),f((@a))",
    "f(x)=a:conv3-8,cat(x|@a)\na:conv3-4,f(@a),f(relu),2*f(@a)",
    "u(n,s)=u:deconv2-n s2,cat(s,crop@u|id)\na:conv3-4,maxpool,b:bn,maxpool,u(8,@b),u(4,@a)",
    "aux(conv3-4,aux(FC-5),FC-3),relu",
    "x:relu,aux(@x,conv3-4),aux(@input,bn),add(aux(bn)|id)",
    "mul(id|gap,FC-16),se-4,2*se-(c/2) b0",
    "a:maxpool,resize@input,crop@a,resize@a",
    "gap,resize@input,reshape4x56x56",
    "maxpool3/2 p1,maxpool2 ceil,avgpool3/1 same,maxpool3/1 d2,pool2x3/1x2",
    "conv2-4 s2,conv4-8/4 p0,conv3x1-4 d2x1 p1x0,conv3-4 g2 b0,dwconv3-8,deconv3-4 s2 p1 op1",
    "dropout,dropout0.25,droppath0.123456789,dropout1,LRN,LRN3,prelu,prelu1,gn4,gn1",
    "3*(2*(conv3-4,relu),(1+1)*a:b:bn)",
    "(cat(conv1-2|conv1-3)),cat((id)|((conv1-4)))",
};

/* Calls `check` with every list above and every example. */
static void for_each(void (*check)(const cnn_network *net, const char *name))
{
    for (size_t i = 0; i < LENGTH(lists); i++) {
        reading r = read_list(strncmp(lists[i], "input", 5) == 0 ? NULL : "16x28x28", lists[i]);
        if (!r.done) {
            fail_msg("%s: %s", lists[i], cnn_error_id(&r.err));
        }
        check(&r.net, lists[i]);
        reading_free(&r);
    }
    DIR *folder = opendir(EXAMPLES);
    assert_non_null(folder);
    int examples = 0;
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        const char *suffix = strrchr(entry->d_name, '.');
        if (suffix != NULL && strcmp(suffix, ".cnn") == 0) {
            char path[1024];
            snprintf(path, sizeof path, "%s/%s", EXAMPLES, entry->d_name);
            char *text = slurp(path);
            reading r = read_list(NULL, text);
            if (!r.done) {
                fail_msg("%s: %s", path, cnn_error_id(&r.err));
            }
            check(&r.net, entry->d_name);
            reading_free(&r);
            free(text);
            examples++;
        }
    }
    closedir(folder);
    assert_true(examples >= 40);
}

static void check_round_trip(const cnn_network *net, const char *name)
{
    if (!round_trips(net)) {
        fail_msg("%s: its canonical text reads otherwise", name);
    }
}

static void canonical_texts_read_back(void **state)
{
    (void)state;
    for_each(check_round_trip);
}

/* Sources lie before their layers, branches within the network, items side by side. */
static void check_structure(const cnn_network *net, const char *name)
{
    (void)name;
    assert_true(net->output >= 0 && net->output < net->layer_count);
    for (int32_t i = 1; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        assert_true(layer->source_count >= 1);
        for (int32_t k = 0; k < layer->source_count; k++) {
            assert_true(layer->sources[k] >= 0 && layer->sources[k] < i);
        }
        assert_memory_equal(&layer->in, &net->layers[layer->sources[0]].out, sizeof layer->in);
        assert_true(layer->item == NULL || (layer->item->first <= i && i < layer->item->end));
        assert_true(layer->span.begin <= layer->span.end && layer->span.end <= net->text.size);
        assert_true(layer->weights >= 0 && layer->biases >= 0 && layer->macs >= 0);
        assert_true(!layer->aux || layer->macs == 0);
        for (int32_t k = 0; layer->branches != NULL && k < layer->source_count; k++) {
            const cnn_branch *branch = &layer->branches[k];
            assert_true(branch->first <= branch->end && branch->end <= i);
            if (layer->source_count == 2 && layer->sources[0] == branch->entry && layer->aux) {
                break; /* an auxiliary head has one branch, but reads two values */
            }
        }
    }
}

static void networks_are_well_formed(void **state)
{
    (void)state;
    for_each(check_structure);
}

/* ---- sums ---- */

static sink written;

/* Sums one column of a TSV report over its rows and compares it with the total row. */
static void check_column(const cnn_network *net, const char *name, const char *column, bool all)
{
    char columns[64];
    static unsigned char memory[1 << 22];
    snprintf(columns, sizeof columns, "index,%s", column);
    const cnn_report_options options = {
        .format = view("tsv"), .columns = view(columns), .all = all};
    cnn_writer to = sink_open(&written);
    cnn_error err = {0};
    assert_true(cnn_report_write(net, &options, cnn_arena_over(memory, sizeof memory), &to, &err));
    char *at = written.data, *cells[2];
    assert_true(next_row(&at, cells, 2));
    assert_string_equal(cells[1], column);
    int64_t sum = 0, number = 0;
    while (next_row(&at, cells, 2) && cells[0][0] != '\0') { /* a total has no index */
        assert_true(strtoll(cells[0], NULL, 10) >= number);
        number = strtoll(cells[0], NULL, 10);
        sum += strtoll(cells[1], NULL, 10);
    }
    if (strtoll(cells[1], NULL, 10) != sum) {
        fail_msg("%s: the rows of %s add up to %lld, not %s", name, column, (long long)sum,
                 cells[1]);
    }
}

static void check_sums(const cnn_network *net, const char *name)
{
    static const char *const columns[] = {"params", "weights", "biases",      "statistics",
                                          "macs",   "flops",   "activations", "memory"};
    for (size_t i = 0; i < LENGTH(columns); i++) {
        check_column(net, name, columns[i], false);
        check_column(net, name, columns[i], true);
    }
}

static void totals_are_the_sums_of_their_rows(void **state)
{
    (void)state;
    for_each(check_sums);
}

/* The library's own totals against the layers, with and without the auxiliary heads. */
static void check_totals(const cnn_network *net, const char *name)
{
    (void)name;
    cnn_totals t = {0};
    for (int32_t i = 1; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        const int64_t params = layer->weights + layer->biases;
        t.params += params;
        t.params_without_aux += layer->aux ? 0 : params;
        t.weights += layer->weights;
        t.biases += layer->biases;
        t.statistics += layer->statistics;
        t.statistics_without_aux += layer->aux ? 0 : layer->statistics;
        t.macs += layer->macs;
    }
    assert_memory_equal(&t, &net->totals, sizeof t);
}

static void network_totals_are_sums(void **state)
{
    (void)state;
    for_each(check_totals);
}

/* The rows of a table, each an item of the list: their layers lie side by side and miss none. */
static void check_rows(const cnn_network *net, const char *name)
{
    (void)name;
    for (int all = 0; all < 2; all++) {
        cnn_report report = {.net = net, .every_layer = all == 1};
        cnn_row row;
        int32_t at = 0, end = 1, number = 0;
        while (cnn_rows_next(&report, &at, &row)) {
            assert_int_equal(row.number, ++number);
            assert_int_equal(row.first, end);
            assert_true(row.end > row.first);
            end = row.end;
        }
        assert_int_equal(end, net->layer_count);
    }
}

static void rows_cover_all_layers(void **state)
{
    (void)state;
    for_each(check_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_texts_read_back),
        cmocka_unit_test(networks_are_well_formed),
        cmocka_unit_test(totals_are_the_sums_of_their_rows),
        cmocka_unit_test(network_totals_are_sums),
        cmocka_unit_test(rows_cover_all_layers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
