/*
 * Every allocation fails in turn: arenas that grow from nothing, in steps of one unit of
 * allocation, until reading and reporting succeed. Each one before that ends in the clean error
 * "out of memory", and writes nothing outside of its memory.
 */
#include "support.h"

enum { STEP = 16, MOST = 1 << 20, GUARD = 64 };

static unsigned char memory[MOST + GUARD];
static sink written, enough; /* with as much memory as there is */

static const struct {
    const char *layers, *format, *columns;
} rows[] = {
    {"conv3-64,maxpool,FC-4096", "table", ""},
    {"input 28 gray\nn=4;conv3-n,se-(c),2*(conv3-(2*c),relu)", "json", ""},
    {"f(x,k=3)=a:conv(k)-8,cat(x,resize@a|@a)\nb:relu,f(@b),f(relu,k=1)", "tsv", ""},
    {"input 4x8x8;split(id|conv3-c),add(add(id|relu)|id),aux(gap,FC-10)", "csv", "rf,jump,start"},
    {"input vector 784;FC-10,relu,softmax", "markdown", "layer,share,memory,activations"},
    {"a:(3*conv3-8,(bn,relu)),crop@a", "table", "index,layer,path,window,params,share"},
    {"n=2;n*relu,add(conv3-3|mul(id|gap,flatten)),aux(split(id|(bn)|id))", "table", "+rf"},
    {"n=2;m=n+1;f(a,b=2,x=relu)=b*conv3-a,x,l:(x)\nf(m),2*f(n,x=(bn,id)),f(4,b=1)", "tsv", "path"},
    {"a:b:2*(c:(relu,2*(id)),d:bn),add(e:relu|@a),split(id|f:id,relu|bn)", "tsv", "layer,path"},
    {"(1+1)*(se-2,conv(2+1)-(c*2)/(h/h)),prelu,dropout(1/1),aux(gap,FC-9)", "tsv", "layer"},
    {"n=3\n(n-1)*(se-2,conv(n)-(c*2)/(h/h)),dropout(n/n),aux(gap,FC-n)", "tsv", "layer"},
    {"a:conv3-8,(relu,bn),cat(@a|id)", "svg", ""},
    {"a:conv3-8,(relu,bn),cat(@a|id)", "dot", ""},
    {"conv3-8,add(relu|id)", "latex", "layer,memory"},
    {"2x(conv3-8,add(bn|id)),FC-3", "tsv", "path,params"},
};

/* The whole way, as the program goes it. */
static bool run(cnn_arena arena, size_t row, cnn_error *err)
{
    const cnn_report_options options = {
        .format = view(rows[row].format), .columns = view(rows[row].columns), .all = row % 2 == 1};
    cnn_network net = {0};
    cnn_writer to = sink_open(&written);
    return cnn_network_read(&arena, view(rows[row].layers), NULL, &net, err) &&
           cnn_report_write(&net, &options, arena, &to, err) &&
           cnn_remarks_write(&net, &options, arena, &to);
}

static void every_size_ends_cleanly(void **state)
{
    (void)state;
    for (size_t row = 0; row < LENGTH(rows); row++) {
        bool done = false;
        size_t size = 0;
        cnn_error none = {0};
        assert_true(run(cnn_arena_over(memory, MOST), row, &none));
        enough = written;
        for (; !done && size < MOST; size += STEP) {
            cnn_error err = {0};
            memset(memory, 0x5A, size + GUARD);
            done = run(cnn_arena_over(memory, size), row, &err);
            assert_int_equal(done, err.code == CNN_OK); /* nobody goes on without memory */
            if (!done && err.code != CNN_OUT_OF_MEMORY) {
                fail_msg("%s with %zu bytes: %s", rows[row].layers, size, cnn_error_id(&err));
            }
            for (size_t i = 0; i < GUARD; i++) {
                assert_int_equal(memory[size + i], 0x5A);
            }
        }
        assert_true(done);
        assert_true(size > 1000); /* it did need memory */
        assert_string_equal(written.data, enough.data);
    }
}

/* With enough memory the same list gives the same bytes, wherever the arena begins. */
static void alignment_makes_no_difference(void **state)
{
    (void)state;
    static sink first;
    for (size_t row = 0; row < LENGTH(rows); row++) {
        for (size_t from = 0; from < 16; from++) {
            cnn_error err = {0};
            assert_true(run(cnn_arena_over(memory + from, MOST - from), row, &err));
            if (from == 0) {
                first = written;
            }
            assert_string_equal(written.data, first.data);
        }
    }
}

/* What is said of a list as soon as there is memory enough; until then that is what is said. */
static const char *said_with_memory(const char *layers)
{
    for (size_t size = 0; size < MOST; size += STEP) {
        cnn_arena arena = cnn_arena_over(memory, size);
        cnn_network net = {0};
        cnn_error err = {0};
        const bool done = cnn_network_read(&arena, view(layers), NULL, &net, &err);
        assert_int_equal(done, err.code == CNN_OK);
        if (err.code != CNN_OUT_OF_MEMORY) {
            return cnn_error_id(&err);
        }
    }
    return "never enough";
}

/* A list that is wrong is wrong with little memory too: either there is none, or it says so. */
static void errors_win_over_memory(void **state)
{
    (void)state;
    static const struct {
        const char *layers, *id;
    } wrong[] = {
        {"f(a)=conv3-a\nf(4),cnov3-64", "unknown-layer"},
        {"add(conv3-8|id)", "add-shapes"},
        {"a:relu,cat(@b|id)", "unknown-label"},
        {"conv3-(7/2)", "inexact-division"},
        {"1000001*relu", "too-many-layers"},
    };
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        assert_string_equal(said_with_memory(wrong[i].layers), wrong[i].id);
    }
}

/* What is only read and not expanded needs memory as well: there is less to notice that it lacks.
 */
static void definitions_without_calls(void **state)
{
    (void)state;
    static const char *const lists[] = {
        "relu;f=se-2",
        "relu;f(n,x=relu)=n*(conv3-(2*n),x)",
        "relu;f=2*a:add(@a|id);g=f",
        "relu;f(n)=n*relu;g=f(1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1)",
        "relu;n=1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1",
    };
    for (size_t i = 0; i < LENGTH(lists); i++) {
        assert_string_equal(said_with_memory(lists[i]), "ok");
    }
}

/* Not even enough to align a layer. */
static void no_memory_at_all(void **state)
{
    (void)state;
    for (size_t few = 0; few < 15; few++) {
        cnn_network net = {0};
        cnn_error err = {0};
        cnn_arena rest = cnn_arena_over(memory + 1, few);
        assert_false(cnn_network_read(&rest, view("relu"), NULL, &net, &err));
        assert_int_equal(err.code, CNN_OUT_OF_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_ends_cleanly),
        cmocka_unit_test(alignment_makes_no_difference),
        cmocka_unit_test(errors_win_over_memory),
        cmocka_unit_test(definitions_without_calls),
        cmocka_unit_test(no_memory_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
