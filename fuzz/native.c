/* libFuzzer over one function of fuzz.targets, for what is compiled: `make fuzz` builds it with clang.
 *
 *     FUZZ_PYTHON   the interpreter whose packages count, such as .venv/bin/python
 *     FUZZ_TARGET   the function's name
 */

#include <Python.h>
#include <stdint.h>
#include <stdlib.h>

static PyObject *target;

static void fail(const char *what)
{
    if (PyErr_Occurred())
        PyErr_Print();
    fprintf(stderr, "%s\n", what);
    abort();
}

static const char *named(const char *variable)
{
    const char *value = getenv(variable);
    if (!value) {
        fprintf(stderr, "%s is not set; run this by `make fuzz`\n", variable);
        exit(2);
    }
    return value;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    config.install_signal_handlers = 0;
    if (PyStatus_Exception(PyConfig_SetBytesString(&config, &config.program_name, named("FUZZ_PYTHON"))))
        fail("the interpreter's name is not taken");
    if (PyStatus_Exception(Py_InitializeFromConfig(&config)))
        fail("Python does not start");
    PyConfig_Clear(&config);
    PyObject *module = PyImport_ImportModule("fuzz.targets");
    if (!module)
        fail("fuzz.targets cannot be imported");
    PyObject *targets = PyObject_GetAttrString(module, "TARGETS");
    target = targets ? PyMapping_GetItemString(targets, named("FUZZ_TARGET")) : NULL;
    if (!target)
        fail("there is no such target");
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    PyObject *input = PyBytes_FromStringAndSize((const char *)octets, size);
    PyObject *nothing = input ? PyObject_CallOneArg(target, input) : NULL;
    if (!nothing)
        fail("a law is broken by the input that libFuzzer names below");
    Py_DECREF(nothing);
    Py_DECREF(input);
    return 0;
}
